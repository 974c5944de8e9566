"""My account, where I am signed in, and the offices of the city."""

from typing import Any
from uuid import UUID

from identity.api.outside import moment
from identity.model.account import Account
from identity.model.account_change import AccountChange, changes_of
from identity.model.account_session import AccountSession
from identity.model.sign_in import SignIn, sign_ins_of
from identity.use_cases import sessions
from identity.use_cases.accounts import account_of
from smartcity.http import Blueprint, Schema, actor, case, fields, page, session
from smartcity.offices import all_offices

accounts = Blueprint("accounts", description="My account and my sessions.")
offices = Blueprint("offices", description="The offices of the city.")


class AccountView(Schema):
    sub = fields.String()
    login = fields.String()
    display_name = fields.String()
    roles = fields.List(fields.String())
    office = fields.String(allow_none=True)
    status = fields.String()


class SessionView(Schema):
    id = fields.UUID()
    client_id = fields.String()
    scope = fields.String()
    status = fields.String()
    started_at = fields.Moment()
    used_at = fields.Moment()
    expires_at = fields.Moment()
    ended_at = fields.Moment(allow_none=True)
    end_reason = fields.String(allow_none=True)
    address = fields.String()
    agent = fields.String()


class SignInView(Schema):
    at = fields.Moment()
    outcome = fields.String(metadata={"description": "signed_in, refused, locked, second_factor_asked or second_factor_refused"})
    client_id = fields.String()
    address = fields.String()


class ChangeView(Schema):
    at = fields.Moment()
    change = fields.String(metadata={"description": "What was changed of how the account is opened"})
    by = fields.String(metadata={"description": "owner or administrator"})
    address = fields.String()


class OfficeView(Schema):
    code = fields.String()
    name = fields.String()


class OfficesView(Schema):
    items = fields.List(fields.Nested(OfficeView))


@accounts.get("/accounts/me")
@accounts.response(200, AccountView)
def show_my_account() -> Account:
    """Who am I, and what are my roles?"""
    return account_of(session(), actor().sub)


@accounts.get("/accounts/me/sign-ins")
@accounts.paged(SignInView)
def list_my_sign_ins() -> dict[str, Any]:
    """Every try to sign in to my account of the last year, mine or not, newest first."""
    return page(sign_ins_of(account_of(session(), actor().sub).id), SignIn.at.desc(), SignIn.id.desc())


@accounts.get("/accounts/me/changes")
@accounts.paged(ChangeView)
def list_my_changes() -> dict[str, Any]:
    """What was changed of how my account is opened, newest first."""
    return page(changes_of(account_of(session(), actor().sub).id), AccountChange.at.desc(), AccountChange.id.desc())


@accounts.get("/sessions")
@accounts.paged(SessionView)
def list_my_sessions() -> dict[str, Any]:
    """Where my account is signed in, newest first."""
    mine = sessions.sessions_of(account_of(session(), actor().sub).id)
    return page(mine, AccountSession.started_at.desc(), AccountSession.id.desc())


@accounts.post("/sessions/<uuid:session_id>/revocation")
@accounts.response(200, SessionView)
def end_my_session(session_id: UUID) -> AccountSession:
    """End one of my sessions: its refresh token counts no more."""
    return sessions.end_session(case(AccountSession, session_id), moment())


@offices.get("/offices")
@offices.response(200, OfficesView)
def list_offices() -> dict[str, Any]:
    """Every office with its code and name."""
    return {"items": all_offices()}
