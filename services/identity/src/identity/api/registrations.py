"""`accounts/registrations`: a citizen opens an account; what came of it is told by message, never by the answer."""

from typing import Any
from uuid import UUID

from marshmallow import validate

from identity.api.outside import caller_address, counted, moment
from identity.model.one_time_code import OneTimeCode
from identity.use_cases import registrations as use_cases
from identity.use_cases.registrations import Applicant
from smartcity.http import Blueprint, Schema, fields, session
from smartcity.http.languages import language

registrations = Blueprint("registrations", description="A citizen opens an account.")

EMAIL = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}\Z"
BETWEEN_DIGITS = str.maketrans("", "", " -.()")
PHONE = r"(\+62|62|0)8[0-9]{8,11}\Z"


class EmailField(fields.String):
    """An e-mail address, in lower case."""

    def __init__(self, **more: Any) -> None:
        pattern = validate.Regexp(EMAIL, error="email-malformed")
        super().__init__(validate=[pattern, validate.Length(max=120, error="email-malformed")], **more)

    def _deserialize(self, *given: Any, **more: Any) -> str:
        return str(super()._deserialize(*given, **more)).strip().lower()


class PhoneField(fields.String):
    """A mobile number, without what people put between its digits."""

    def __init__(self, **more: Any) -> None:
        super().__init__(validate=validate.Regexp(PHONE, error="phone-malformed"), **more)

    def _deserialize(self, *given: Any, **more: Any) -> str:
        return str(super()._deserialize(*given, **more)).translate(BETWEEN_DIGITS)


class PasswordField(fields.String):
    """A password as it was typed: neither trimmed nor normalised."""

    def __init__(self, **more: Any) -> None:
        super().__init__(validate=validate.Length(max=1000), metadata={"description": "8 to 200 characters"}, **more)


class RegistrationRequest(Schema):
    nik = fields.Nik(required=True, metadata={"description": "The person's own NIK: 16 digits; one account each"})
    name = fields.Text(min=2, max=120, required=True, metadata={"example": "Ratna Sari"})
    phone = PhoneField(required=True, metadata={"description": "A mobile number of Indonesia", "example": "081234567890"})
    email = EmailField(required=True, metadata={"description": "Gets the code; the person signs in with it"})
    password = PasswordField(required=True)


class CodeSentView(Schema):
    id = fields.UUID()
    expires_at = fields.Moment()


class CodeRequest(Schema):
    code = fields.String(required=True, validate=validate.Length(max=20), metadata={"description": "Of the message", "example": "123456"})


def applicant(request: dict[str, Any], lang: str) -> Applicant:
    """What was filled in, read."""
    return Applicant(**request, language=lang)


@registrations.post("/accounts/registrations")
@registrations.arguments(RegistrationRequest)
@registrations.response(202, CodeSentView)
@counted
def begin_registration(request: dict[str, Any]) -> OneTimeCode:
    """Ask for an account: a code goes to the e-mail address, whether it or the NIK has an account already or not."""
    return use_cases.begin(session(), applicant(request, language()), caller_address(), moment())


@registrations.post("/accounts/registrations/<uuid:registration_id>/confirmation")
@registrations.arguments(CodeRequest)
@registrations.response(202)
@counted
def confirm_registration(request: dict[str, Any], registration_id: UUID) -> None:
    """Confirm by the code; a message says whether the account is open."""
    use_cases.confirm(session(), registration_id, request["code"], caller_address(), moment())
