"""`bills`: listed, shown, printed, cancelled; `virtual-accounts/{no}`."""

from typing import Any
from uuid import UUID

from flask import Response

from finance_sts.api.charged import charged
from finance_sts.model.bill import Bill, BillStatus
from finance_sts.model.bill_queries import of_account, the_bill
from finance_sts.use_cases import billing, papers
from finance_sts.use_cases.listings import listed
from smartcity.http import Blueprint, Schema, actor, case, fields, now, page, permitted, session

bills = Blueprint("bills", description="Bills (SKRD): what is owed, until when, and how to pay it.")


class HeadView(Schema):
    account_code = fields.String()
    amount = fields.Rupiah()


class ReferenceView(Schema):
    service = fields.String()
    kind = fields.String()
    id = fields.UUID()


class BillView(Schema):
    """A bill without the payer's name and address: those stand on the paper. A draft has no number and cannot be paid yet."""

    id = fields.UUID()
    number = fields.String(allow_none=True)
    office = fields.String()
    status = fields.String()
    reference = fields.Nested(ReferenceView)
    heads = fields.List(fields.Nested(HeadView))
    total = fields.Rupiah()
    total_in_words = fields.String()
    paid_total = fields.Rupiah()
    carried_total = fields.Rupiah()
    outstanding = fields.Rupiah()
    due_rule = fields.String(allow_none=True)
    period_from = fields.Day(allow_none=True)
    period_to = fields.Day(allow_none=True)
    due_on = fields.Day(allow_none=True)
    issued_at = fields.Moment(allow_none=True)
    virtual_account_no = fields.String(allow_none=True)
    qris_payload = fields.String(allow_none=True)
    verify_code = fields.String(allow_none=True)
    cancelled_at = fields.Moment(allow_none=True)
    cancel_reason = fields.String(allow_none=True)
    replaced_by = fields.UUID(allow_none=True)
    limitation_on = fields.Day(allow_none=True, metadata={"description": "Last day on which it may be collected"})
    barred_at = fields.Moment(allow_none=True, metadata={"description": "When that day had passed unpaid"})
    written_off_at = fields.Moment(allow_none=True)
    replaces = fields.UUID(allow_none=True)


class BillQuery(Schema):
    status = fields.Enum(BillStatus, by_value=True)


class CancellationRequest(Schema):
    reason_code = fields.Code(required=True)


@bills.get("/bills")
@bills.arguments(BillQuery, location="query")
@bills.paged(BillView)
def list_bills(query: dict[str, Any]) -> dict[str, Any]:
    """My bills, or those of my office; newest first."""
    return page(listed(Bill, actor(), query.get("status")), Bill.id.desc())


@bills.get("/bills/<uuid:bill_id>")
@bills.response(200, BillView)
def show_bill(bill_id: UUID) -> Bill:
    """One bill."""
    return case(Bill, bill_id)


@bills.get("/bills/<uuid:bill_id>/document")
@bills.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def read_bill_document(bill_id: UUID) -> Response:
    """The bill's paper: PDF with QR, the same bytes every time."""
    paper = papers.deliver_bill(session(), actor(), case(Bill, bill_id))
    return Response(paper.pdf, headers=dict(paper.headers))


@bills.post("/bills/<uuid:bill_id>/cancellation")
@bills.arguments(CancellationRequest)
@bills.response(200, BillView)
def cancel_bill(request: dict[str, Any], bill_id: UUID) -> Bill:
    """Cancel an unpaid bill with a reason; its number stays in the register. A draft is discarded."""
    return billing.cancel_bill(session(), charged(bill_id), request["reason_code"], now())


@bills.get("/virtual-accounts/<string:virtual_account_no>")
@bills.response(200, BillView)
def show_virtual_account(virtual_account_no: str) -> Bill:
    """The bill behind a virtual account."""
    return permitted(the_bill(session(), of_account(virtual_account_no)))
