"""`permits`: listed, shown, printed."""

from typing import Any
from uuid import UUID

from flask import Response

from licensing.model.permit import Permit
from licensing.use_cases import permit_document
from licensing.use_cases import permits as use_cases
from smartcity.http import Blueprint, Schema, actor, case, fields, page, session

permits = Blueprint("permits", description="Permits the city has given.")


class PermitLineView(Schema):
    """A line of a list: no name, no address."""

    id = fields.UUID()
    number = fields.String()
    permit_type = fields.String()
    office = fields.String()
    status = fields.String()
    application_id = fields.UUID()
    application_no = fields.String()
    kelurahan_code = fields.String()
    issued_at = fields.Moment()
    valid_from = fields.Day(allow_none=True)
    valid_until = fields.Day(allow_none=True, metadata={"description": "Its last day; null where it does not end"})
    retribution_total = fields.Rupiah()
    receipt_no = fields.String(allow_none=True)
    verify_code = fields.String()
    revoked_at = fields.Moment(allow_none=True)
    reason_code = fields.String(allow_none=True)
    predecessor_id = fields.UUID(allow_none=True, metadata={"description": "The permit it amends, corrects or renews"})
    succession = fields.String(allow_none=True, metadata={"description": "`amendment`, `correction` or `renewal` of its predecessor"})
    successor_id = fields.UUID(allow_none=True, metadata={"description": "The permit in its place, or the one that follows it"})


class MeasureView(Schema):
    """What the office did about the permit, and what the holder answered."""

    kind = fields.String()
    status = fields.String()
    reason_code = fields.String()
    text = fields.String()
    legal_basis = fields.String()
    ordered_at = fields.Moment()
    answer_until = fields.Day(
        allow_none=True, metadata={"description": "The last day on which the holder may answer; null: it waits for no answer"}
    )
    starts_on = fields.Day(allow_none=True)
    ends_on = fields.Day(allow_none=True)
    answer = fields.String(allow_none=True)
    answered_at = fields.Moment(allow_none=True)
    ended_at = fields.Moment(allow_none=True)


class WorksView(Schema):
    """What is known of the building works: the notice of their beginning, and when the permit lapses without it."""

    lapses_on = fields.Day()
    legal_basis = fields.String()
    asked = fields.Whole(metadata={"description": "How often the office has asked"})
    asked_at = fields.Moment(allow_none=True)
    starts_on = fields.Day(allow_none=True)
    noticed_at = fields.Moment(allow_none=True)


class PermitView(PermitLineView):
    renewable_from = fields.Day(allow_none=True, metadata={"description": "From this day its holder may ask for the next one"})
    remind_on = fields.Day(allow_none=True)
    reminded_at = fields.Moment(allow_none=True, metadata={"description": "The holder was reminded that it ends"})
    works = fields.Nested(WorksView, allow_none=True)
    measures = fields.List(fields.Nested(MeasureView))
    holder_name = fields.String()
    holder_address = fields.String()
    site_address = fields.String()
    building = fields.Dict()
    legal_basis = fields.String()


class ListQuery(Schema):
    mine = fields.Boolean(load_default=False)
    company = fields.Code(metadata={"description": "Only of this company, which one acts for"})


@permits.get("/permits")
@permits.arguments(ListQuery, location="query")
@permits.paged(PermitLineView)
def list_permits(query: dict[str, Any]) -> dict[str, Any]:
    """My permits and those of the companies I act for (of one: `company`), or those of my office; newest first."""
    found = use_cases.listed(actor(), mine=query["mine"], company=query.get("company"))
    return page(found, Permit.id.desc())


@permits.get("/permits/<uuid:permit_id>")
@permits.response(200, PermitView)
def show_permit(permit_id: UUID) -> Permit:
    """One permit."""
    return use_cases.show(session(), actor(), case(Permit, permit_id))


@permits.get("/permits/<uuid:permit_id>/document")
@permits.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def read_permit_document(permit_id: UUID) -> Response:
    """The permit's paper: PDF with QR, the same bytes every time."""
    paper = permit_document.deliver(session(), actor(), case(Permit, permit_id))
    return Response(paper.pdf, headers=dict(paper.headers))
