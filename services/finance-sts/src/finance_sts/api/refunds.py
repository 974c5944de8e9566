"""`refunds`: what was paid too much, agreed by one person (SKRDLB), credited to another bill or paid by another person."""

from typing import Any
from uuid import UUID

from flask import Response

from finance_sts.model.refund import Refund, RefundStatus, waiting
from finance_sts.use_cases import overpayments as use_cases
from finance_sts.use_cases.listings import listed, sees_all
from finance_sts.use_cases.set_off import Outlook, outlook
from smartcity.http import Blueprint, Schema, actor, case, fields, idempotent, now, page, session

refunds = Blueprint("refunds", description="What was paid too much (SKRDLB): requested, approved, credited or paid.")


class RefundQuery(Schema):
    status = fields.Enum(RefundStatus, by_value=True)


class RefundView(Schema):
    id = fields.UUID()
    payment_id = fields.UUID()
    bill_id = fields.UUID()
    office = fields.String()
    amount = fields.Rupiah()
    interest = fields.Rupiah(metadata={"description": "What it bears, where an objection has set it free"})
    credited = fields.Rupiah()
    late_interest = fields.Rupiah(metadata={"description": "What it bore for being paid after `pay_by`"})
    late_months = fields.Whole(allow_none=True)
    late_percent_per_month = fields.String(allow_none=True)
    late_legal_basis = fields.String(allow_none=True)
    payout = fields.Rupiah(metadata={"description": "What is paid out: with interest, without what was credited"})
    number = fields.String(allow_none=True, metadata={"description": "Of the SKRDLB, given at approval"})
    verify_code = fields.String(allow_none=True)
    credit_to = fields.UUID(allow_none=True, metadata={"description": "The bill it settles, as far as that is owed at approval"})
    objection_id = fields.UUID(allow_none=True)
    reason_code = fields.String()
    status = fields.String()
    requested_at = fields.Moment()
    decide_by = fields.Day(metadata={"description": "Last day for the decision; after it the refund counts as granted"})
    deemed_at = fields.Moment(allow_none=True, metadata={"description": "Since when it counts as granted because nobody had decided"})
    assess_by = fields.Day(allow_none=True, metadata={"description": "Last day for its SKRDLB then"})
    pay_by = fields.Day(allow_none=True, metadata={"description": "Last day on which it is paid without interest for being late"})
    not_set_off_code = fields.String(allow_none=True, metadata={"description": "Why it is paid out beside a debt that is due"})
    approved_at = fields.Moment(allow_none=True)
    paid_at = fields.Moment(allow_none=True)
    bank_reference = fields.String(allow_none=True)


class CreditRequest(Schema):
    bill_id = fields.UUID(required=True, metadata={"description": "An open bill of the same payer and office"})


class WaitingRefundView(RefundView):
    """One that waits for its decision, its SKRDLB or its payment."""

    act_by = fields.Day(metadata={"description": "The last day for that"})


class DebtView(Schema):
    """An open bill of the payer."""

    id = fields.UUID()
    number = fields.String()
    outstanding = fields.Rupiah()
    due_on = fields.Day()


class LateView(Schema):
    amount = fields.Rupiah()
    months = fields.Whole()
    percent_per_month = fields.String()
    legal_basis = fields.String()


class OutlookView(Schema):
    """How a refund would be settled today."""

    payout = fields.Rupiah(metadata={"description": "What is to be paid out today"})
    late = fields.Nested(LateView, allow_none=True, metadata={"description": "The part of it that it bears for being late"})
    debts = fields.List(
        fields.Nested(DebtView), metadata={"description": "What it could settle first: the payer's oldest open bills there"}
    )


class ApprovalRequest(Schema):
    reason_code = fields.Code(
        metadata={"description": "Why it is paid out although the payer owes what is due", "example": "debt-disputed"}
    )


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


@refunds.get("/refunds/<uuid:refund_id>/outlook")
@refunds.response(200, OutlookView)
def show_refund_outlook(refund_id: UUID) -> Outlook:
    """What would be paid out today, and the open bills of its payer that it could settle first."""
    return outlook(session(), case(Refund, refund_id), now())


@refunds.get("/work-queues/finance-sts/refunds")
@refunds.paged(WaitingRefundView)
def list_waiting_refunds() -> dict[str, Any]:
    """What waits to go back, of my office or of all; the first whose day ends."""
    return page(waiting(None if sees_all(actor()) else actor().office or ""), Refund.act_by, Refund.id)


@refunds.get("/refunds/<uuid:refund_id>/document")
@refunds.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def read_refund_document(refund_id: UUID) -> Response:
    """The SKRDLB: PDF with QR."""
    paper = use_cases.deliver(session(), case(Refund, refund_id), actor())
    return Response(paper.pdf, headers=dict(paper.headers))


@refunds.post("/refunds/<uuid:refund_id>/credit")
@refunds.arguments(CreditRequest)
@refunds.response(200, RefundView)
def ask_credit(request: dict[str, Any], refund_id: UUID) -> Refund:
    """Ask that it settles another bill; the last word before the approval holds."""
    return use_cases.ask_credit(session(), case(Refund, refund_id), actor(), request["bill_id"], now())


@refunds.post("/refunds/<uuid:refund_id>/approval")
@refunds.arguments(ApprovalRequest, required=False)
@refunds.response(200, RefundView)
def approve_refund(request: dict[str, Any], refund_id: UUID) -> Refund:
    """Agree that it goes back: its SKRDLB is made, the interest reckoned, and what another bill was to be settled with is."""
    return use_cases.approve(session(), case(Refund, refund_id), actor(), request.get("reason_code"), now())


@refunds.post("/refunds/<uuid:refund_id>/payment")
@idempotent
@refunds.arguments(PayoutRequest)
@refunds.response(200, RefundView)
def pay_refund(request: dict[str, Any], refund_id: UUID) -> Refund:
    """It has gone back, by another person than the one who agreed."""
    return use_cases.pay(session(), case(Refund, refund_id), actor(), request["bank_reference"], now())
