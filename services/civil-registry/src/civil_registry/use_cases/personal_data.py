"""What a person is given who asks for a copy of their data here (UU 27/2022 article 7)."""

from sqlalchemy.orm import Session

from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.certificate import Certificate
from civil_registry.model.death_registration import DeathRegistration
from smartcity.data_requests import Records, rows


def of_person(session: Session, sub: str) -> Records:
    """Everything that is theirs, by kind."""
    return {
        "birth_registrations": rows(session, BirthRegistration.owner_sub, sub, "people", "documents"),
        "death_registrations": rows(session, DeathRegistration.owner_sub, sub, "documents"),
        "certificates": rows(session, Certificate.owner_sub, sub),
    }
