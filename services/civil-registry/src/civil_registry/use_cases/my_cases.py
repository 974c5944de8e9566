"""This office's part of `me/cases`: births and deaths a person has reported."""

from functools import partial
from typing import Any

import sqlalchemy as sa

from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.death_registration import DeathRegistration
from civil_registry.use_cases.retention import kept_until
from civil_registry.use_cases.withdrawals import way_back
from smartcity.http.kernel_api import CaseLine, Cases

Registration = BirthRegistration | DeathRegistration


def _reported(model: type[Registration], sub: str) -> sa.Select[Any]:
    return sa.select(model).where(model.owner_sub == sub)


def _line(kind: str, place: str, registration: Registration) -> CaseLine:
    """The deadline of what is with the person themselves is until when it is kept."""
    path = f"{place}/{registration.id}"
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


MY_CASES = tuple(
    Cases(partial(_reported, model), model.id, partial(_line, kind, place))
    for kind, model, place in (
        ("birth_registration", BirthRegistration, "/v1/birth-registrations"),
        ("death_registration", DeathRegistration, "/v1/death-registrations"),
    )
)
