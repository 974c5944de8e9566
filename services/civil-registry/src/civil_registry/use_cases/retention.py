"""What is kept no longer, by the office's dated table: erased every night, with a line in the history that says so, not what it was.

Source: UU 27/2022 Pasal 43-45. The registers are permanent (UU 23/2006 Pasal 66(2)): no entry, note or certificate is touched.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_registration import UNKEPT, BirthRegistration
from civil_registry.model.birth_status import AFTER_REGISTRATION, EDITABLE, Status
from civil_registry.model.death_registration import DeathDocument, DeathRegistration
from civil_registry.model.registration_document import RegistrationDocument
from civil_registry.use_cases.erasure import Registration, erase_papers_of_entry, erase_report
from civil_registry.use_cases.registry_data import retention
from smartcity import due

ERASE = "erase_what_is_kept_no_longer"
AT_ONCE = 200
EVERY = timedelta(days=1)
ENDED = (Status.DRAFT, Status.RETURNED, Status.WITHDRAWN, Status.REJECTED)
PAPERS: dict[type[Registration], type[RegistrationDocument | DeathDocument]] = {
    BirthRegistration: RegistrationDocument,
    DeathRegistration: DeathDocument,
}


def kept_until(registration: Registration) -> datetime | None:
    """Until when a report in the hands of who reported is kept if nothing happens to it; `None` for any other."""
    if registration.status not in EDITABLE:
        return None
    return registration.updated_at + timedelta(days=retention()[registration.status.value].days)


def erase(session: Session, subject: str, now: datetime) -> None:
    """Due work: what is over its time, some at a time until none is left; then again the next night."""
    erased = 0
    for model in PAPERS:
        for registration in session.scalars(over(model, now).limit(AT_ONCE).with_for_update(skip_locked=True)):
            erase_report(session, registration, now)
            erased += 1
        for registration in session.scalars(with_old_papers(model, now).limit(AT_ONCE).with_for_update(skip_locked=True)):
            erase_papers_of_entry(session, registration, now)
            erased += 1
    due.schedule(session, ERASE, subject, now if erased >= AT_ONCE else now + EVERY)


def over(model: type[Registration], now: datetime) -> sa.Select[Any]:
    """Reports that came to no entry and are over their time, the oldest first."""
    terms = [sa.and_(model.status == status, model.updated_at < _before(status.value, now)) for status in ENDED]
    latest = max(_before(status.value, now) for status in ENDED)
    return sa.select(model).where(sa.text(UNKEPT), model.updated_at < latest, sa.or_(*terms)).order_by(model.updated_at)


def with_old_papers(model: type[Registration], now: datetime) -> sa.Select[Any]:
    """Registrations of entries whose papers are over their time, counted from what happened last."""
    paper, before = PAPERS[model], _before("papers", now)
    old = sa.select(paper.registration_id).where(paper.uploaded_at < before)
    return sa.select(model).where(model.id.in_(old), model.status.in_((*AFTER_REGISTRATION, Status.CANCELLED)), model.updated_at < before)


def _before(name: str, now: datetime) -> datetime:
    return now - timedelta(days=retention()[name].days)
