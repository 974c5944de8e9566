"""`work-queues/licensing`: what waits for somebody of the office."""

from typing import Any

from marshmallow import validate

from licensing.api.application_views import ApplicationLineView
from licensing.model.assignment import Assignment
from licensing.model.clearance import Clearance
from licensing.model.permit_application import PermitApplication
from licensing.use_cases import assignments, clearances, work_queues
from smartcity.errors import InputWrong
from smartcity.http import Blueprint, Schema, actor, fields, now, page, session

CLEARANCE = "clearance"

queues = Blueprint("work_queues", description="What waits for the office, oldest first.")


class WaitingApplicationView(ApplicationLineView):
    """A line of the queue; `status_since` says how long it waits. Where a clearance of my office is asked: which, and by when."""

    assigned_to_me = fields.Boolean(metadata={"description": "Given to me by load; another of the role may take it by acting"})
    clearance_id = fields.UUID()
    clearance_due_on = fields.Day()


class QueueQuery(Schema):
    step = fields.String(validate=validate.OneOf(sorted([*work_queues.STEPS, CLEARANCE])))
    mine = fields.Boolean(load_default=False, metadata={"description": "Only what is assigned to me"})


class OfficerView(Schema):
    """Somebody of the office, without a name; `open`: how many applications wait for them."""

    sub = fields.String()
    roles = fields.List(fields.String())
    present = fields.Boolean()
    last_seen_at = fields.Moment()
    open = fields.Whole()


class OfficersView(Schema):
    items = fields.List(fields.Nested(OfficerView))


class PresenceRequest(Schema):
    present = fields.Boolean(required=True)


@queues.get("/work-queues/licensing")
@queues.arguments(QueueQuery, location="query")
@queues.paged(WaitingApplicationView)
def list_licensing_work(query: dict[str, Any]) -> dict[str, Any]:
    """Applications that wait for a step of my office, oldest first."""
    assignments.ask(session(), actor(), now())
    if query.get("step") == CLEARANCE:
        if query["mine"]:
            raise InputWrong({"mine": ["clearance-not-assigned"]})
        found = page(clearances.waiting(actor()), Clearance.asked_at, Clearance.id)
        return {**found, "items": [clearances.line(one) for one in found["items"]]}
    if query["mine"]:
        found = page(assignments.mine(actor(), work_queues.STEPS.get(query.get("step", ""))), Assignment.since, Assignment.id)
        return {**found, "items": [work_queues.line(one.application, True) for one in found["items"]]}
    found = page(work_queues.waiting(actor(), query.get("step")), PermitApplication.status_since, PermitApplication.id)
    mine = assignments.assigned(session(), actor(), found["items"])
    return {**found, "items": [work_queues.line(one, one.id in mine) for one in found["items"]]}


@queues.get("/work-queues/licensing/officers")
@queues.response(200, OfficersView)
def list_licensing_officers() -> dict[str, Any]:
    """Who works in my office, who is there, and the load of each."""
    return {"items": assignments.officers(session(), actor().office)}


@queues.post("/work-queues/licensing/officers/<string:sub>/presence")
@queues.arguments(PresenceRequest)
@queues.response(200, OfficerView)
def set_officer_presence(request: dict[str, Any], sub: str) -> dict[str, Any]:
    """Say whether somebody is there; what an absent one had open is spread anew at once."""
    return assignments.set_presence(session(), actor(), sub, request["present"], now())
