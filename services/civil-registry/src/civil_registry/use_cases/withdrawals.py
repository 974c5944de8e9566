"""Who reported takes the report back, until what it reports stands in the register."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.birth_status import Status
from civil_registry.model.office_way import OfficeWay, Reason
from civil_registry.use_cases import name_sounds
from civil_registry.use_cases.registry_data import must_be_reason, reasons
from smartcity.http import Actor
from smartcity.http.kernel_api import Withdrawal

Way = TypeVar("Way", bound=OfficeWay)


def withdraw(session: Session, registration: Way, actor: Actor, reason_code: str, now: datetime) -> Way:
    """It is no report any more: the same child or deceased can be reported anew. Raises `InputWrong` and `registration-not-withdrawable`."""
    registration.withdraw(actor.sub, Reason(must_be_reason("withdrawn", reason_code)), now)
    if isinstance(registration, BirthRegistration):
        name_sounds.forget(session, registration)
    return registration


def way_back(registration: OfficeWay, path: str) -> Withdrawal | None:
    """How the registration at `path` is taken back as it stands; `None` where that is not possible."""
    may = Status.WITHDRAWN in registration.ways[registration.status]
    return Withdrawal(f"{path}/withdrawal", reasons()["withdrawn"]) if may else None
