"""What licensing found at the place of a complaint."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from complaints.model.complaint import Complaint


def hear_result(session: Session, complaint_id: UUID, result: tuple[UUID, str], now: datetime) -> None:
    """A line in the timeline, once for an inspection (its id and what it found); of a complaint we do not have, nothing."""
    complaint = session.get(Complaint, complaint_id, with_for_update=True)
    if complaint is not None:
        complaint.learn(result[0], f"inspected.{result[1]}", now)
