"""`bills/{id}/collection-steps`: what was done to collect a late bill."""

from typing import Any
from uuid import UUID

from flask import Response

from finance_sts.model.bill import Bill
from finance_sts.model.collection_step import CollectionStep, steps_of
from finance_sts.use_cases import papers
from smartcity.http import Blueprint, Schema, actor, case, fields, page, session

collection = Blueprint("collection", description="Reminders, Surat Teguran and claims of interest (STRD) on a late bill.")


class CollectionStepView(Schema):
    """A step; `demand_id` is the bill (STRD) that claims the interest, with that of the steps before it."""

    id = fields.UUID()
    kind = fields.String()
    day = fields.Day()
    number = fields.String(allow_none=True)
    outstanding = fields.Rupiah()
    verify_code = fields.String(allow_none=True)
    demand_id = fields.UUID(allow_none=True)
    payment_id = fields.UUID(allow_none=True)
    principal = fields.Rupiah(allow_none=True)
    months_before = fields.Whole(allow_none=True)
    months = fields.Whole(allow_none=True)
    percent_per_month = fields.String(allow_none=True)
    cap_months = fields.Whole(allow_none=True)
    interest = fields.Rupiah(allow_none=True)
    legal_basis = fields.String(allow_none=True)


@collection.get("/bills/<uuid:bill_id>/collection-steps")
@collection.paged(CollectionStepView)
def list_collection_steps(bill_id: UUID) -> dict[str, Any]:
    """What was done to collect the bill, first step first."""
    return page(steps_of(case(Bill, bill_id).id), CollectionStep.id)


@collection.get("/bills/<uuid:bill_id>/collection-steps/<uuid:step_id>/document")
@collection.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def read_warning_letter(bill_id: UUID, step_id: UUID) -> Response:
    """The Surat Teguran: PDF with QR, the same bytes every time."""
    paper = papers.deliver_warning_letter(session(), actor(), case(Bill, bill_id), step_id)
    return Response(paper.pdf, headers=dict(paper.headers))
