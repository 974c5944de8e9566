"""`/snap/v1.0/access-token/b2b`, and the form of every answer at the bank's door."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, current_app, jsonify, request
from marshmallow import EXCLUDE, validate
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

from finance_sts.rules import snap_codes as law
from finance_sts.use_cases import snap_access as use_cases
from smartcity import clock
from smartcity.errors import Forbidden, InputWrong, RuleBroken
from smartcity.http import Actor, Blueprint, Schema, fields
from smartcity.http.body import strict_json
from smartcity.http.problems import constraint_code
from smartcity.observability import log

ANSWER = {
    "type": "object", "required": ["responseCode", "responseMessage"],
    "properties": {name: {"type": "string"} for name in ("responseCode", "responseMessage")},
}  # fmt: skip
IN_SNAP_FORM = {"application/json": ANSWER}
snap_access = Blueprint("snap-access", description="Access tokens of banks by SNAP BI.", prefix="/snap/v1.0", refusals=IN_SNAP_FORM)
AT_THE_DOOR = {
    "external-id-reused": law.DUPLICATE_EXTERNAL_ID, "signature-wrong": law.UNAUTHORIZED, "token-wrong": law.INVALID_TOKEN,
    "bank-reference-reused": law.DUPLICATE_REFERENCE,
}  # fmt: skip
MISSING = ("Missing data for required field.", "required")


class TokenRequest(Schema):
    class Meta:
        unknown = EXCLUDE

    grantType = fields.String(required=True, validate=validate.Equal("client_credentials"))


def raw(service: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The partner's own rules hold for the query too; `service` begins the codes of its answers."""

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        view.raw_query, view.snap_service = True, service  # type: ignore[attr-defined]
        return view

    return mark


def asks(schema: type[Schema]) -> dict[str, Any]:
    """The body of a call, as it is documented; it is read byte for byte, since it is signed."""
    return {"content": {"application/json": {"schema": schema}}, "required": True}


@snap_access.post("/access-token/b2b")
@snap_access.doc(requestBody=asks(TokenRequest))
@raw(law.ACCESS_TOKEN)
@snap_access.response(200, ANSWER)
def give_snap_token() -> Response:
    """A bank that signs with its private key gets an access token for fifteen minutes."""
    asked = strict_json(request.get_data())
    wrong = TokenRequest().validate(asked) if isinstance(asked, dict) else {"_body": ["object"]}
    headers = {name: request.headers.get(name, "") for name in ("X-CLIENT-KEY", "X-TIMESTAMP", "X-SIGNATURE")}
    wrong |= {name: ["required"] for name, value in headers.items() if not value}
    if wrong:
        raise InputWrong(wrong)
    token = use_cases.give_token(door(), headers["X-CLIENT-KEY"], headers["X-TIMESTAMP"], headers["X-SIGNATURE"])
    code = {"responseCode": law.SUCCESS.response_code(law.ACCESS_TOKEN), "responseMessage": law.SUCCESS.message}
    lifetime = str(int(use_cases.LIFETIME.total_seconds()))
    return said(law.SUCCESS.status, {**code, "accessToken": token, "tokenType": "Bearer", "expiresIn": lifetime})


def door() -> use_cases.Door:
    """What is known here, at this moment of real time."""
    settings = current_app.extensions["smartcity.settings"]
    return use_cases.Door(settings.secret_key, settings.extra, clock.real_now())


def bearer() -> str:
    """The token the call carries, as it is signed."""
    return request.headers.get("Authorization", "").partition(" ")[2]


def partner_actor() -> Actor | None:
    """The bank, by a token of this door; `None` where the token is not of this door. Raises `token-wrong`."""
    partner = use_cases.holder_of(door(), bearer())
    return Actor(sub=f"{use_cases.MARK}:{partner}", roles=frozenset({"bank"})) if partner else None


def said(status: int, body: Mapping[str, Any]) -> Response:
    """An answer as the bank reads it."""
    answer = jsonify(body)
    answer.status_code = status
    return answer


def in_snap_form(error: Exception) -> Response:
    """Every refusal at this door has the code and body of SNAP."""
    code = _code(error)
    service = getattr(current_app.view_functions.get(request.endpoint or ""), "snap_service", law.PAYMENT)
    shown = code.response_code(service)
    log.log(40 if code.status >= 500 else 20, "bank refused", code=shown, error=error)
    return said(code.status, {"responseCode": shown, "responseMessage": code.message})


def _code(error: Exception) -> law.Code:
    if isinstance(error, InputWrong):
        return law.MISSING_FIELD if _missing(error.errors) else law.INVALID_FORMAT
    if isinstance(error, RuleBroken) and error.code in AT_THE_DOOR:
        return AT_THE_DOOR[error.code]
    if isinstance(error, IntegrityError):  # one number for two bills at the same moment: who comes second learns it from the database
        return AT_THE_DOOR.get(constraint_code(error), law.GENERAL_ERROR)
    if isinstance(error, Forbidden):
        return law.INVALID_TOKEN
    if isinstance(error, HTTPException) and (error.code or 500) < 500:
        return law.INVALID_TOKEN if error.code == 401 else law.BAD_REQUEST
    return law.GENERAL_ERROR


def _missing(errors: Any) -> bool:
    if isinstance(errors, Mapping):
        return any(_missing(said) for said in errors.values())
    return any(text in MISSING for text in errors) if isinstance(errors, list) else False


snap_access.errorhandler(Exception)(in_snap_form)
