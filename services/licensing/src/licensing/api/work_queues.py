"""`work-queues/licensing`: what waits for somebody of the office."""

from typing import Any

from marshmallow import validate

from licensing.api.application_views import ApplicationLineView
from licensing.model.permit_application import PermitApplication
from licensing.use_cases import work_queues
from smartcity.http import Blueprint, Schema, actor, fields, page

queues = Blueprint("work_queues", description="What waits for the office, oldest first.")


class WaitingApplicationView(ApplicationLineView):
    """A line of the queue; `status_since` says how long it waits."""


class QueueQuery(Schema):
    step = fields.String(validate=validate.OneOf(sorted(work_queues.STEPS)))


@queues.get("/work-queues/licensing")
@queues.arguments(QueueQuery, location="query")
@queues.paged(WaitingApplicationView)
def list_licensing_work(query: dict[str, Any]) -> dict[str, Any]:
    """Applications that wait for a step of my office, oldest first."""
    found = work_queues.waiting(actor(), query.get("step"))
    return page(found, PermitApplication.status_since, PermitApplication.id)
