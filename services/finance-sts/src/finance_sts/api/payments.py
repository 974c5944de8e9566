"""`payments`: taken at the counter, listed; the evidence of a transfer."""

from typing import Any
from uuid import UUID

from flask import Response
from flask import request as http_request
from flask_smorest.fields import Upload
from marshmallow import validate

from finance_sts.model.bill import Bill
from finance_sts.model.payment import Payment
from finance_sts.model.payment_evidence import PaymentEvidence
from finance_sts.use_cases import counter, payment_evidence
from finance_sts.use_cases import payments as use_cases
from finance_sts.use_cases.listings import listed
from smartcity.calendar import day_of
from smartcity.http import Blueprint, Schema, actor, case, fields, idempotent, now, page, permitted, session, shown
from smartcity.storage import get

payments = Blueprint("payments", description="Money received.")


class PaymentRequest(Schema):
    bill_id = fields.UUID(required=True)
    amount = fields.Rupiah(min=1, required=True, metadata={"description": "At most what is owed; a part is credited head by head"})
    channel = fields.String(required=True, validate=validate.OneOf([channel.value for channel in use_cases.COUNTER]))
    bank_reference = fields.Code(
        required=True, metadata={"description": "Number of the till's slip, of the card terminal's, or the bank's own of a transfer"}
    )
    bank = fields.Code(metadata={"description": "Of a transfer, and only of it: the bank on whose receiving account it stands"})
    evidence_id = fields.UUID(metadata={"description": "Of a transfer, and only of it: what the payer has shown"})


class EvidenceForm(Schema):
    file = Upload(metadata={"description": "PDF, JPEG or PNG, at most 10 MB"})


class EvidenceView(Schema):
    id = fields.UUID()
    office = fields.String()
    uploaded_at = fields.Moment()


class PaymentHeadView(Schema):
    account_code = fields.String()
    amount = fields.Rupiah()


class PaymentView(Schema):
    """A payment with its receipt's number; no name."""

    id = fields.UUID()
    bill_id = fields.UUID()
    office = fields.String()
    amount = fields.Rupiah()
    heads = fields.List(fields.Nested(PaymentHeadView))
    channel = fields.String()
    bank = fields.String()
    bank_reference = fields.String()
    paid_at = fields.Moment()
    day = fields.Day()
    receipt_no = fields.String()
    verify_code = fields.String()
    status = fields.String()
    refund_total = fields.Rupiah()
    slip_id = fields.UUID(allow_none=True)
    evidence_id = fields.UUID(allow_none=True)


@payments.post("/payments")
@idempotent
@payments.arguments(PaymentRequest)
@payments.response(201, PaymentView)
def take_payment(request: dict[str, Any]) -> Payment:
    """Take a payment at the counter: credited once, with its receipt."""
    bill = permitted(get(session(), Bill, request["bill_id"]))
    money = counter.taken(bill, request, actor().sub, day_of(now()))
    evidence_id = payment_evidence.must_fit(session(), request, bill.office)
    return shown(use_cases.take(session(), bill, money, actor(), now(), evidence_id))


@payments.post("/payments/evidence")
@payments.arguments(EvidenceForm, location="form", content_type="multipart/form-data")
@payments.response(201, EvidenceView)
def keep_payment_evidence(form: dict[str, Any]) -> PaymentEvidence:
    """Upload what a payer shows of a transfer, before its payment is taken."""
    return shown(payment_evidence.keep(session(), actor(), http_request.files.get("file"), now()))


@payments.get("/payments/<uuid:payment_id>/evidence")
@payments.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def read_payment_evidence(payment_id: UUID) -> Response:
    """What the payer has shown of the transfer."""
    served = payment_evidence.read(session(), actor(), case(Payment, payment_id))
    return Response(served.body, headers=dict(served.headers))


@payments.get("/payments")
@payments.paged(PaymentView)
def list_payments() -> dict[str, Any]:
    """My payments, or those of my office; newest first."""
    return page(listed(Payment, actor()), Payment.id.desc())
