"""`work-queues/civil-registry`: what waits for somebody of the office."""

from typing import Any

from civil_registry.api.birth_views import RegistrationLineView
from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.birth_status import Step
from civil_registry.use_cases import work_queues
from smartcity.http import Blueprint, Schema, actor, fields, page

queues = Blueprint("work_queues", description="What waits for the office, oldest first.")


class WaitingRegistrationView(RegistrationLineView):
    """A line of the queue; `status_since` says how long it waits, `deadline` how long it may."""


class QueueQuery(Schema):
    step = fields.Enum(Step, by_value=True)


@queues.get("/work-queues/civil-registry")
@queues.arguments(QueueQuery, location="query")
@queues.paged(WaitingRegistrationView)
def list_civil_registry_work(query: dict[str, Any]) -> dict[str, Any]:
    """Registrations that wait for a step of my office, oldest first."""
    found = work_queues.waiting(actor(), query.get("step"))
    return page(found, BirthRegistration.status_since, BirthRegistration.id)
