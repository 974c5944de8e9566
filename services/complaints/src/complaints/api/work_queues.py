"""`work-queues/complaints`: what waits, the most urgent first."""

from typing import Any

from complaints.api.complaint_views import ComplaintLineView
from complaints.model.complaint import Complaint
from complaints.use_cases import handling
from smartcity.http import Blueprint, Schema, actor, fields, page

queues = Blueprint("work_queues", description="What waits for the coordinator or the office, the most urgent first.")


class WaitingComplaintView(ComplaintLineView):
    """A line of the queue; `deadline` says how urgent it is."""


class WorkQuery(Schema):
    mine = fields.Boolean(load_default=False, metadata={"description": "Only what is assigned to me"})


@queues.get("/work-queues/complaints")
@queues.arguments(WorkQuery, location="query")
@queues.paged(WaitingComplaintView)
def list_complaints_work(query: dict[str, Any]) -> dict[str, Any]:
    """Complaints that wait for me: to be verified (coordinator), or to be worked on by my office."""
    found = handling.assigned(actor()) if query["mine"] else handling.waiting(actor())
    return page(found, Complaint.deadline, Complaint.id)
