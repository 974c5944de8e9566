"""`permits/forwarding`: what the national systems were told, and what they were not."""

from typing import Any
from uuid import UUID

from marshmallow import validate

from licensing.model.permit_forwarding import ForwardingStatus, PermitForwarding
from licensing.use_cases import forwarding as use_cases
from smartcity.http import Blueprint, Schema, actor, case, fields, now, page, session

forwarding = Blueprint("permit_forwarding", description="Permits on their way to SIMBG and OSS: to be reconciled by the office.")


class ForwardingLineView(Schema):
    """A line of a list: no name, no address."""

    permit_id = fields.UUID(attribute="id")
    permit_no = fields.String()
    permit_type = fields.String()
    system = fields.String(metadata={"description": "`SIMBG` or `OSS`"})
    status = fields.String()
    queued_at = fields.Moment()
    attempts = fields.Integer(metadata={"description": "Since it was last sent again"})
    tried_at = fields.Moment(allow_none=True)
    last_reason = fields.String(allow_none=True, metadata={"description": "A code: why it was not taken, or why it was refused"})
    forwarded_at = fields.Moment(allow_none=True)
    settled_at = fields.Moment(allow_none=True)
    reference = fields.String(allow_none=True, metadata={"description": "The system's own number"})


class ForwardingStepView(Schema):
    status = fields.String()
    at = fields.Moment()
    by_officer = fields.Boolean()
    reason = fields.String(allow_none=True)


class ForwardingView(ForwardingLineView):
    steps = fields.List(fields.Nested(ForwardingStepView))


class ListQuery(Schema):
    status = fields.Enum(ForwardingStatus, by_value=True)


class ForwardingRequest(Schema):
    action = fields.String(
        required=True, validate=validate.OneOf(["send_again", "settle"]),
        metadata={"description": "`send_again`: from the beginning, at once. `settle`: the system has it, as an officer has seen or seen to"},
    )  # fmt: skip
    reason = fields.Text(min=3, max=500, required=True)
    reference = fields.Text(min=1, max=80, metadata={"description": "Where it is settled: the system's own number"})


@forwarding.get("/permits/forwarding")
@forwarding.arguments(ListQuery, location="query")
@forwarding.paged(ForwardingLineView)
def list_forwarding(query: dict[str, Any]) -> dict[str, Any]:
    """What was told to the national systems and what was not, newest first."""
    return page(use_cases.listed(actor(), query.get("status")), PermitForwarding.id.desc())


@forwarding.get("/permits/<uuid:permit_id>/forwarding")
@forwarding.response(200, ForwardingView)
def show_forwarding(permit_id: UUID) -> PermitForwarding:
    """One permit's way to its national system, step by step."""
    return case(PermitForwarding, permit_id)


@forwarding.post("/permits/<uuid:permit_id>/forwarding")
@forwarding.arguments(ForwardingRequest)
@forwarding.response(200, ForwardingView)
def mend_forwarding(request: dict[str, Any], permit_id: UUID) -> PermitForwarding:
    """Send what is not acknowledged again, or settle it by hand; the reason is kept."""
    found = case(PermitForwarding, permit_id)
    if request["action"] == "send_again":
        return use_cases.send_again(session(), found, actor(), request["reason"], now())
    return use_cases.settle(session(), found, actor(), request["reason"], request.get("reference"), now())
