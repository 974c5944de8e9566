"""`refunds`: money that goes back, agreed by one person and paid by another."""

from typing import Any
from uuid import UUID

from finance_sts.model.refund import Refund, RefundStatus
from finance_sts.use_cases import refunds as use_cases
from finance_sts.use_cases.listings import listed
from smartcity.http import Blueprint, Schema, actor, case, fields, idempotent, now, page, session

refunds = Blueprint("refunds", description="Money to give back: requested, approved, paid.")


class RefundQuery(Schema):
    status = fields.Enum(RefundStatus, by_value=True)


class RefundView(Schema):
    id = fields.UUID()
    payment_id = fields.UUID()
    bill_id = fields.UUID()
    office = fields.String()
    amount = fields.Rupiah()
    reason_code = fields.String()
    status = fields.String()
    requested_at = fields.Moment()
    paid_at = fields.Moment(allow_none=True)
    bank_reference = fields.String(allow_none=True)


class PayoutRequest(Schema):
    bank_reference = fields.Code(required=True, metadata={"description": "Number of the order by which it left the city's account"})


@refunds.get("/refunds")
@refunds.arguments(RefundQuery, location="query")
@refunds.paged(RefundView)
def list_refunds(query: dict[str, Any]) -> dict[str, Any]:
    """What is to be given back, or was; newest first."""
    return page(listed(Refund, actor(), query.get("status")), Refund.id.desc())


@refunds.get("/refunds/<uuid:refund_id>")
@refunds.response(200, RefundView)
def show_refund(refund_id: UUID) -> Refund:
    """One refund."""
    return case(Refund, refund_id)


@refunds.post("/refunds/<uuid:refund_id>/approval")
@refunds.response(200, RefundView)
def approve_refund(refund_id: UUID) -> Refund:
    """Agree that it goes back."""
    return use_cases.approve(session(), case(Refund, refund_id), actor(), now())


@refunds.post("/refunds/<uuid:refund_id>/payment")
@idempotent
@refunds.arguments(PayoutRequest)
@refunds.response(200, RefundView)
def pay_refund(request: dict[str, Any], refund_id: UUID) -> Refund:
    """It has gone back, by another person than the one who agreed."""
    return use_cases.pay(session(), case(Refund, refund_id), actor(), request["bank_reference"], now())
