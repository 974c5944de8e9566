"""`/snap/v1.0`: the bank's own protocol (SNAP BI), with its own codes and bodies. Same use case as the counter."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast

from flask import Response, current_app, g, request
from marshmallow import EXCLUDE, ValidationError, validate, validates_schema
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from finance_sts.api.snap_access import ANSWER, IN_SNAP_FORM, asks, bearer, door, in_snap_form, partner_actor, raw, said
from finance_sts.rules import snap_codes as law
from finance_sts.rules.snap_signature import SignedCall
from finance_sts.use_cases import snap as use_cases
from smartcity.errors import InputWrong, NotFound
from smartcity.http import Blueprint, Schema, actor, fields, keep, now, session
from smartcity.http.app import CityFlask
from smartcity.http.body import strict_json
from smartcity.observability import log

snap = Blueprint(
    "snap", description="Virtual accounts and QRIS by SNAP BI.", prefix="/snap/v1.0", authenticate=partner_actor, refusals=IN_SNAP_FORM
)
HEADERS = ("X-TIMESTAMP", "X-SIGNATURE", "X-PARTNER-ID", "X-EXTERNAL-ID", "CHANNEL-ID")
Answering = Callable[[Session, use_cases.Asked, Mapping[str, Any], datetime], use_cases.Answer]
IDENT = validate.Regexp(r"[!-~]{1,128}\Z")


class MoneyField(Schema):
    class Meta:
        unknown = EXCLUDE

    value = fields.String(required=True, validate=validate.Regexp(r"[1-9][0-9]{0,14}\.00\Z"))
    currency = fields.String(required=True, validate=validate.Equal("IDR"))


class VirtualAccount(Schema):
    class Meta:
        unknown = EXCLUDE

    partnerServiceId = fields.String(required=True, validate=validate.Regexp(r"(?=.{1,8}\Z) *[0-9]{1,8}\Z"))
    customerNo = fields.String(required=True, validate=validate.Regexp(r"[0-9]{1,20}\Z"))
    virtualAccountNo = fields.String(required=True, validate=validate.Regexp(r" {0,8}[0-9]{1,28}\Z"))

    @validates_schema
    def one_account(self, asked: Mapping[str, Any], **_: Any) -> None:
        """The account number is partner and customer, joined."""
        if asked["virtualAccountNo"].strip() != asked["partnerServiceId"].strip() + asked["customerNo"]:
            raise ValidationError("code-malformed", "virtualAccountNo")


class PaymentCallback(VirtualAccount):
    paymentRequestId = fields.String(required=True, validate=IDENT)
    paidAmount = fields.Nested(MoneyField, required=True)
    trxDateTime = fields.Moment()


class InquiryQuestion(VirtualAccount):
    inquiryRequestId = fields.String(required=True, validate=IDENT)


class StatusQuestion(VirtualAccount):
    inquiryRequestId = fields.String(validate=IDENT)
    paymentRequestId = fields.String(validate=IDENT)


class QrisNotice(Schema):
    class Meta:
        unknown = EXCLUDE

    originalReferenceNo = fields.String(required=True, validate=IDENT)
    originalPartnerReferenceNo = fields.String(required=True, validate=IDENT)
    latestTransactionStatus = fields.String(required=True, validate=validate.Regexp(r"0[0-9]\Z"))
    amount = fields.Nested(MoneyField, required=True)


@snap.post("/transfer-va/inquiry")
@snap.doc(requestBody=asks(InquiryQuestion))
@raw(law.INQUIRY)
@snap.response(200, ANSWER)
def inquire_virtual_account() -> Response:
    """The bank asks what is owed on a virtual account, to show it before the payer pays."""
    return _answered(law.INQUIRY, InquiryQuestion(), use_cases.inquire)


@snap.post("/transfer-va/payment")
@snap.doc(requestBody=asks(PaymentCallback))
@raw(law.PAYMENT)
@snap.response(200, ANSWER)
def pay_virtual_account() -> Response:
    """The bank tells that a virtual account was paid; a repetition gets the same answer."""
    return _answered(law.PAYMENT, PaymentCallback(), use_cases.pay)


@snap.post("/transfer-va/status")
@snap.doc(requestBody=asks(StatusQuestion))
@raw(law.STATUS)
@snap.response(200, ANSWER)
def ask_payment_status() -> Response:
    """The bank has lost an answer and asks what became of the payment."""
    return _answered(law.STATUS, StatusQuestion(), use_cases.status)


@snap.post("/qr/qr-mpm-notify")
@snap.doc(requestBody=asks(QrisNotice))
@raw(law.QRIS_NOTICE)
@snap.response(200, ANSWER)
def hear_qris_payment() -> Response:
    """The acquirer tells that a QRIS code was paid, or not; a repetition gets the same answer."""
    return _answered(law.QRIS_NOTICE, QrisNotice(), use_cases.hear_qris)


def _answered(service: str, schema: Schema, speak: Answering) -> Response:
    asked = _asked(service)
    use_cases.check_signature(asked)
    answer = use_cases.answered_before(session(), asked, now())
    if answer is None:
        told = _read(schema, asked.call.body)
        g.told = asked, told
        answer = speak(session(), asked, told, now())
    keep()  # a refusal is an answer too: it is remembered under its external id
    return said(answer.status, answer.body)


def _asked(service: str) -> use_cases.Asked:
    url = request.environ.get("RAW_URI") or request.full_path.rstrip("?")
    headers = {name: request.headers.get(name, "") for name in HEADERS}
    call = SignedCall(request.method, url, bearer(), request.get_data(), headers["X-TIMESTAMP"])
    return use_cases.Asked(service, call, headers, door(), actor().sub)


def _read(schema: Schema, body: bytes) -> dict[str, Any]:
    asked = strict_json(body)
    if not isinstance(asked, dict):
        raise InputWrong({"_body": ["object"]})
    wrong = schema.validate(asked)
    if wrong:
        raise InputWrong(wrong)
    found: dict[str, Any] = schema.load(asked)
    return found


@snap.errorhandler(Exception)
def refuse(error: Exception) -> Response:
    """In the form of SNAP. Where the fault is ours, what was undone leaves a question: the bank may not tell it again."""
    answer = in_snap_form(error)
    if answer.status_code >= 500 and "told" in g:
        try:
            asked, told = g.told
            with cast(CityFlask, current_app).database.transaction() as own:
                use_cases.ask_later(own, asked, told, now())
        except (SQLAlchemyError, NotFound) as lost:
            log.error("payment will not be asked for", error=lost)
    return answer
