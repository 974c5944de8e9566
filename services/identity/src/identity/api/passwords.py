"""`accounts/password-resets` and `accounts/me/password`: a password is replaced."""

from typing import Any
from uuid import UUID

from identity.api.outside import caller_address, claims, counted, moment
from identity.api.registrations import CodeRequest, CodeSentView, EmailField, PasswordField
from identity.model.one_time_code import OneTimeCode
from identity.use_cases import new_passwords as use_cases
from identity.use_cases.new_passwords import Signed
from identity.use_cases.origin import Origin
from smartcity.http import Blueprint, Schema, actor, session
from smartcity.http.languages import language

passwords = Blueprint("passwords", description="A forgotten password, and a new one.")


class ResetRequest(Schema):
    email = EmailField(required=True, metadata={"description": "The account was opened with"})


class NewPasswordRequest(CodeRequest):
    password = PasswordField(required=True)


class PasswordRequest(Schema):
    current_password = PasswordField(required=True)
    password = PasswordField(required=True)


@passwords.post("/accounts/password-resets")
@passwords.arguments(ResetRequest)
@passwords.response(202, CodeSentView)
@counted
def begin_password_reset(request: dict[str, Any]) -> OneTimeCode:
    """I have forgotten my password: a code goes to the address, if it has an account."""
    return use_cases.begin_reset(session(), request["email"], Origin(caller_address(), language()), moment())


@passwords.post("/accounts/password-resets/<uuid:reset_id>/confirmation")
@passwords.arguments(NewPasswordRequest)
@passwords.response(204)
@counted
def finish_password_reset(request: dict[str, Any], reset_id: UUID) -> None:
    """The new password, by the code. Every session of the account ends."""
    use_cases.finish_reset(session(), reset_id, request, Origin(caller_address(), language()), moment())


@passwords.post("/accounts/me/password")
@passwords.arguments(PasswordRequest)
@passwords.response(204)
@counted
def change_my_password(request: dict[str, Any]) -> None:
    """Change my password. My other sessions end."""
    sid = claims().get("sid")
    whose = Signed(actor().sub, UUID(sid) if sid else None)
    use_cases.change(session(), whose, request, Origin(caller_address(), language()), moment())
