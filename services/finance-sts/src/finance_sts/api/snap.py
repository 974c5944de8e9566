"""`/snap/v1.0`: the bank's own protocol (SNAP BI), with its own codes and bodies. Same use case as the counter."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, current_app, jsonify, request
from marshmallow import EXCLUDE, ValidationError, validate, validates_schema
from werkzeug.exceptions import HTTPException

from finance_sts.rules import snap_codes as law
from finance_sts.rules.snap_signature import SignedCall
from finance_sts.use_cases import snap as use_cases
from smartcity import clock
from smartcity.errors import Forbidden, InputWrong, RuleBroken
from smartcity.http import Blueprint, Schema, actor, fields, keep, now, session
from smartcity.http.body import strict_json
from smartcity.observability import log

snap = Blueprint("snap", description="Virtual-account payments by SNAP BI.", prefix="/snap/v1.0")
HEADERS = ("X-SIGNATURE", "X-PARTNER-ID", "X-EXTERNAL-ID")
AT_THE_DOOR = {"external-id-reused": law.DUPLICATE_EXTERNAL_ID, "signature-wrong": law.UNAUTHORIZED}
MISSING = ("Missing data for required field.", "required")


class MoneyField(Schema):
    class Meta:
        unknown = EXCLUDE

    value = fields.String(required=True, validate=validate.Regexp(r"[1-9][0-9]{0,14}\.00\Z"))
    currency = fields.String(required=True, validate=validate.Equal("IDR"))


class PaymentCallback(Schema):
    class Meta:
        unknown = EXCLUDE

    partnerServiceId = fields.String(required=True, validate=validate.Regexp(r"(?=.{1,8}\Z) *[0-9]{1,8}\Z"))
    customerNo = fields.String(required=True, validate=validate.Regexp(r"[0-9]{1,20}\Z"))
    virtualAccountNo = fields.String(required=True, validate=validate.Regexp(r" {0,8}[0-9]{1,28}\Z"))
    paymentRequestId = fields.String(required=True, validate=validate.Regexp(r"[!-~]{1,128}\Z"))
    paidAmount = fields.Nested(MoneyField, required=True)
    trxDateTime = fields.Moment()

    @validates_schema
    def one_account(self, callback: Mapping[str, Any], **_: Any) -> None:
        """The account number is partner and customer, joined."""
        if callback["virtualAccountNo"].strip() != callback["partnerServiceId"].strip() + callback["customerNo"]:
            raise ValidationError("code-malformed", "virtualAccountNo")


def raw(view: Callable[..., Any]) -> Callable[..., Any]:
    """The partner's own rules hold for the query too."""
    view.raw_query = True  # type: ignore[attr-defined]
    return view


@snap.post("/transfer-va/payment")
@raw
@snap.response(200, {"type": "object"})
def pay_virtual_account() -> Response:
    """The bank tells that a virtual account was paid; a repetition gets the same answer."""
    asked = _asked()
    use_cases.check_signature(asked)
    answer = use_cases.answered_before(session(), asked)
    if answer is None:
        answer = use_cases.pay(session(), asked, _callback(asked.call.body), now())
    keep()  # a refusal is an answer too: it is remembered under its external id
    return _said(answer.status, answer.body)


def _asked() -> use_cases.Asked:
    token = request.headers.get("Authorization", "").partition(" ")[2]
    url = request.environ.get("RAW_URI") or request.full_path.rstrip("?")
    call = SignedCall(request.method, url, token, request.get_data(), request.headers.get("X-TIMESTAMP", ""))
    headers = {name: request.headers.get(name, "") for name in HEADERS}
    return use_cases.Asked(call, headers, current_app.extensions["smartcity.settings"].extra, actor().sub, clock.real_now())


def _callback(body: bytes) -> dict[str, Any]:
    asked = strict_json(body)
    if not isinstance(asked, dict):
        raise InputWrong({"_body": ["object"]})
    wrong = PaymentCallback().validate(asked)
    if wrong:
        raise InputWrong(wrong)
    found: dict[str, Any] = PaymentCallback().load(asked)
    return found


def _said(status: int, body: Mapping[str, Any]) -> Response:
    answer = jsonify(body)
    answer.status_code = status
    return answer


@snap.errorhandler(Exception)
def _in_snap_form(error: Exception) -> Response:
    code = _code(error)
    log.log(40 if code.status >= 500 else 20, "bank refused", code=code.response_code(), error=error)
    return _said(code.status, {"responseCode": code.response_code(), "responseMessage": code.message})


def _code(error: Exception) -> law.Code:
    if isinstance(error, InputWrong):
        return law.MISSING_FIELD if _missing(error.errors) else law.INVALID_FORMAT
    if isinstance(error, RuleBroken) and error.code in AT_THE_DOOR:
        return AT_THE_DOOR[error.code]
    if isinstance(error, Forbidden):
        return law.INVALID_TOKEN
    if isinstance(error, HTTPException) and (error.code or 500) < 500:
        return law.INVALID_TOKEN if error.code == 401 else law.BAD_REQUEST
    return law.GENERAL_ERROR


def _missing(errors: Any) -> bool:
    if isinstance(errors, Mapping):
        return any(_missing(said) for said in errors.values())
    return any(text in MISSING for text in errors) if isinstance(errors, list) else False
