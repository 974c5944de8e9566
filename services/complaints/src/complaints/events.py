"""What complaints tells, and what it hears."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from complaints.model import facts
from complaints.use_cases import inspections
from smartcity.events import Event, Heard

COMPLAINT_SUBMITTED_V1 = "complaints.complaint.submitted.v1"
COMPLAINT_VERIFIED_V1 = "complaints.complaint.verified.v1"
COMPLAINT_ROUTED_V1 = "complaints.complaint.routed.v1"
COMPLAINT_RETURNED_V1 = "complaints.complaint.returned.v1"
COMPLAINT_ANSWERED_V1 = "complaints.complaint.answered.v1"
COMPLAINT_REOPENED_V1 = "complaints.complaint.reopened.v1"
COMPLAINT_CLOSED_V1 = "complaints.complaint.closed.v1"
COMPLAINT_ESCALATED_V1 = "complaints.complaint.escalated.v1"
COMPLAINT_ARCHIVED_V1 = "complaints.complaint.archived.v1"
COMPLAINT_WITHDRAWN_V1 = "complaints.complaint.withdrawn.v1"
COMPLAINT_DUPLICATE_LINKED_V1 = "complaints.complaint.duplicate_linked.v1"
COMPLAINT_EXTENDED_V1 = "complaints.complaint.extended.v1"
COMPLAINT_PLANNED_V1 = "complaints.complaint.planned.v1"
INSPECTION_CONCLUDED_V1 = "licensing.inspection.concluded.v1"


def _complaint(type_: str, fact: Any) -> Event:
    return Event(type_, subject=fact.complaint_id, data=dict(vars(fact)))


TELLS = {
    facts.ComplaintSubmitted: lambda fact: _complaint(COMPLAINT_SUBMITTED_V1, fact),
    facts.ComplaintVerified: lambda fact: _complaint(COMPLAINT_VERIFIED_V1, fact),
    facts.ComplaintRouted: lambda fact: _complaint(COMPLAINT_ROUTED_V1, fact),
    facts.ComplaintReturned: lambda fact: _complaint(COMPLAINT_RETURNED_V1, fact),
    facts.ComplaintAnswered: lambda fact: _complaint(COMPLAINT_ANSWERED_V1, fact),
    facts.ComplaintExtended: lambda fact: _complaint(COMPLAINT_EXTENDED_V1, fact),
    facts.ComplaintPlanned: lambda fact: _complaint(COMPLAINT_PLANNED_V1, fact),
    facts.ComplaintReopened: lambda fact: _complaint(COMPLAINT_REOPENED_V1, fact),
    facts.ComplaintClosed: lambda fact: _complaint(COMPLAINT_CLOSED_V1, fact),
    facts.ComplaintEscalated: lambda fact: _complaint(COMPLAINT_ESCALATED_V1, fact),
    facts.ComplaintArchived: lambda fact: _complaint(COMPLAINT_ARCHIVED_V1, fact),
    facts.ComplaintDuplicateLinked: lambda fact: _complaint(COMPLAINT_DUPLICATE_LINKED_V1, fact),
    facts.ComplaintWithdrawn: lambda fact: _complaint(COMPLAINT_WITHDRAWN_V1, fact),
}


def on_inspection_concluded(session: Session, event: Heard, now: datetime) -> None:
    """Show in the timeline what licensing found, where the inspection was for a complaint."""
    told = event.data
    if told["complaint_id"] is not None:
        inspections.hear_result(session, UUID(told["complaint_id"]), (UUID(told["inspection_id"]), told["outcome_code"]), now)


HEARS = {INSPECTION_CONCLUDED_V1: on_inspection_concluded}
