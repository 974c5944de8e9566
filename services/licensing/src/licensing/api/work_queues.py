"""`work-queues/licensing`: what waits for somebody of the office."""

from typing import Any

from marshmallow import validate

from licensing.api.application_views import ApplicationLineView
from licensing.model.clearance import Clearance
from licensing.model.permit_application import PermitApplication
from licensing.use_cases import clearances, work_queues
from smartcity.http import Blueprint, Schema, actor, fields, page

CLEARANCE = "clearance"

queues = Blueprint("work_queues", description="What waits for the office, oldest first.")


class WaitingApplicationView(ApplicationLineView):
    """A line of the queue; `status_since` says how long it waits. Where a clearance of my office is asked: which, and by when."""

    clearance_id = fields.UUID()
    clearance_due_on = fields.Day()


class QueueQuery(Schema):
    step = fields.String(validate=validate.OneOf(sorted([*work_queues.STEPS, CLEARANCE])))


@queues.get("/work-queues/licensing")
@queues.arguments(QueueQuery, location="query")
@queues.paged(WaitingApplicationView)
def list_licensing_work(query: dict[str, Any]) -> dict[str, Any]:
    """Applications that wait for a step of my office, oldest first."""
    if query.get("step") == CLEARANCE:
        found = page(clearances.waiting(actor()), Clearance.asked_at, Clearance.id)
        return {**found, "items": [clearances.line(one) for one in found["items"]]}
    waiting = work_queues.waiting(actor(), query.get("step"))
    return page(waiting, PermitApplication.status_since, PermitApplication.id)
