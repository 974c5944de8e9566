"""What a person is given who asks for a copy of their data here (UU 27/2022 article 7)."""

from sqlalchemy.orm import Session

from complaints.model.complaint import Complaint
from smartcity.data_requests import Records, rows


def of_person(session: Session, sub: str) -> Records:
    """Everything that is theirs, by kind."""
    return {"complaints": rows(session, Complaint.owner_sub, sub, "photos")}
