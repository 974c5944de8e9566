"""This office's part of `me/cases`: births and deaths a person has reported."""

from sqlalchemy.orm import Session

from civil_registry.use_cases import birth_registrations
from civil_registry.use_cases.death_registrations import my_deaths
from smartcity.http.kernel_api import CaseLine


def my_cases(session: Session, sub: str) -> list[CaseLine]:
    """The newest of each kind."""
    return [*birth_registrations.my_cases(session, sub), *my_deaths(session, sub)]
