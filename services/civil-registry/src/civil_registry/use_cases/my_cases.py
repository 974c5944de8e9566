"""This office's part of `me/cases`: births and deaths a person has reported."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.death_registration import DeathRegistration
from civil_registry.use_cases.retention import kept_until
from civil_registry.use_cases.withdrawals import way_back
from smartcity.http.kernel_api import CaseLine

SHOWN_CASES = 50
Registration = type[BirthRegistration] | type[DeathRegistration]
KINDS: dict[str, tuple[Registration, str]] = {
    "birth_registration": (BirthRegistration, "/v1/birth-registrations"),
    "death_registration": (DeathRegistration, "/v1/death-registrations"),
}


def my_cases(session: Session, sub: str) -> list[CaseLine]:
    """The newest of each kind; the deadline of what is with the person themselves is until when it is kept."""
    return [
        _case(kind, registration, f"{place}/{registration.id}")
        for kind, (model, place) in KINDS.items()
        for registration in session.scalars(_newest(model, sub))
    ]


def _newest(model: Registration, sub: str) -> sa.Select[Any]:
    return sa.select(model).where(model.owner_sub == sub).order_by(model.id.desc()).limit(SHOWN_CASES)


def _case(kind: str, registration: BirthRegistration | DeathRegistration, path: str) -> CaseLine:
    return CaseLine(
        kind=kind,
        id=str(registration.id),
        number=registration.number,
        status=registration.status.value,
        label_code=f"birth_registration.status.{registration.status}",
        updated_at=registration.updated_at,
        deadline=registration.deadline if registration.waits_for else kept_until(registration),
        path=path,
        withdrawal=way_back(registration, path),
    )
