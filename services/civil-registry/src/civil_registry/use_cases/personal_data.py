"""What a person is given who asks for a copy of their data here (UU 27/2022 article 7)."""

from sqlalchemy.orm import Session

from civil_registry.model.birth_registration import BirthRegistration
from smartcity.data_requests import Records, rows


def of_person(session: Session, sub: str) -> Records:
    """Everything that is theirs, by kind."""
    return {"birth_registrations": rows(session, BirthRegistration.owner_sub, sub, "people", "documents")}
