"""`work-queues/complaints`: what waits, the most urgent first."""

from typing import Any

from complaints.api.complaint_views import ComplaintLineView
from complaints.model.complaint import Complaint
from complaints.use_cases import handling
from smartcity.http import Blueprint, actor, page

queues = Blueprint("work_queues", description="What waits for the coordinator or the office, the most urgent first.")


class WaitingComplaintView(ComplaintLineView):
    """A line of the queue; `deadline` says how urgent it is."""


@queues.get("/work-queues/complaints")
@queues.paged(WaitingComplaintView)
def list_complaints_work() -> dict[str, Any]:
    """Complaints that wait for me: to be verified (coordinator), or to be worked on by my office."""
    return page(handling.waiting(actor()), Complaint.deadline, Complaint.id)
