"""`accounts/me/second-factor`: an authenticator asked for at every sign-in, besides the password."""

from typing import Any

from marshmallow import validate

from identity.api.outside import caller_address, counted, moment, settings
from identity.api.registrations import PasswordField
from identity.api.second_step import picture
from identity.model.account import Account
from identity.use_cases import lost_factor
from identity.use_cases import second_factor as use_cases
from identity.use_cases.accounts import account_of
from identity.use_cases.origin import Origin
from smartcity.http import Blueprint, Schema, actor, fields, session
from smartcity.http.languages import language

second_factor = Blueprint("second-factor", description="An authenticator besides the password.")


class FactorView(Schema):
    status = fields.String(metadata={"description": "off, shown (not confirmed yet) or on"})
    confirmed_at = fields.Moment(allow_none=True)
    recovery_codes_left = fields.Whole()


class NewFactorView(Schema):
    secret = fields.String(metadata={"description": "To be typed, base32"})
    uri = fields.String(metadata={"description": "What the QR code says"})
    qr_svg = fields.String(metadata={"description": "The QR code, an SVG element"})


class RecoveryCodesView(Schema):
    recovery_codes = fields.List(
        fields.String(), metadata={"description": "Each counts once instead of the authenticator; shown this once"}
    )


class OwnPasswordRequest(Schema):
    password = PasswordField(required=True)


class FactorCodeRequest(Schema):
    code = fields.String(required=True, validate=validate.Length(max=40), metadata={"description": "Of the authenticator"})


class RemovalRequest(OwnPasswordRequest):
    code = fields.String(
        required=True, validate=validate.Length(max=40), metadata={"description": "Of the authenticator, or a recovery code"}
    )


class LostFactorRequest(Schema):
    login = fields.Text(
        min=1, max=254, required=True, metadata={"description": "Account name, or the e-mail address it was opened with", "example": "siti"}
    )


@second_factor.get("/accounts/me/second-factor")
@second_factor.response(200, FactorView)
def show_second_factor() -> dict[str, Any]:
    """Is a second factor asked of me, and how many recovery codes have I left?"""
    account = _mine()
    found = use_cases.factor_of(session(), account.id)
    confirmed_at = found.confirmed_at if found else None
    status = "on" if confirmed_at else "shown" if found else "off"
    return {"status": status, "confirmed_at": confirmed_at, "recovery_codes_left": use_cases.codes_left(session(), account.id)}


@second_factor.post("/accounts/me/second-factor")
@second_factor.arguments(OwnPasswordRequest)
@second_factor.response(201, NewFactorView)
@counted
def begin_second_factor(request: dict[str, Any]) -> dict[str, str]:
    """Show me an authenticator to scan. It counts once I have confirmed it by one of its codes."""
    account = _mine()
    use_cases.must_know_password(session(), account, request["password"], moment())
    return picture(use_cases.show(session(), account, moment()).secret, account)


@second_factor.post("/accounts/me/second-factor/confirmation")
@second_factor.arguments(FactorCodeRequest)
@second_factor.response(200, RecoveryCodesView)
@counted
def confirm_second_factor(request: dict[str, Any]) -> dict[str, Any]:
    """From now on it is asked of me at sign-in. The answer shows my recovery codes, this once."""
    return {"recovery_codes": use_cases.confirm(session(), _mine(), request["code"].strip(), _origin(), moment())}


@second_factor.post("/accounts/me/second-factor/removal")
@second_factor.arguments(RemovalRequest)
@second_factor.response(204)
@counted
def remove_second_factor(request: dict[str, Any]) -> None:
    """Ask only for my password from now on. Not where the city requires the second factor."""
    account = _mine()
    use_cases.must_be_removable(account, settings().extra["SECOND_FACTOR"])
    use_cases.remove(session(), account, request, _origin(), moment())


@second_factor.post("/accounts/second-factor-resets")
@second_factor.arguments(LostFactorRequest)
@second_factor.response(204)
def reset_second_factor(request: dict[str, Any]) -> None:
    """Take off the second factor of somebody else who has lost it and has shown who they are; all their sessions end, and they are told."""
    lost_factor.reset(session(), actor(), request["login"], _origin(), moment())


def _mine() -> Account:
    return account_of(session(), actor().sub)


def _origin() -> Origin:
    return Origin(caller_address(), language())
