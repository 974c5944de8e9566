"""How the people of a report, and its papers, are forgotten. What is left: days, path, kelurahan, states, and who reported."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_notification import BirthNotification
from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.birth_status import EDITABLE
from civil_registry.model.death_registration import DeathDocument, DeathRegistration
from civil_registry.model.office_way import Reason
from civil_registry.model.registration_document import RegistrationDocument
from civil_registry.rules.redaction import without_people
from civil_registry.rules.register_chain import canonical
from civil_registry.use_cases import name_sounds
from smartcity import due, files

Registration = BirthRegistration | DeathRegistration
BY = "retention"
"""Who acts in the history where nobody did: the time was over."""
DONE = "kept-no-longer"


def erase_report(session: Session, registration: Registration, now: datetime) -> None:
    """Forget everybody in a report that came to no entry; one that is still open ends with it."""
    if registration.status in EDITABLE:
        registration.withdraw(BY, Reason(DONE), now)
    else:
        _say(registration, now)
    erase_papers(session, registration, now)
    if isinstance(registration, BirthRegistration):
        _forget_birth(session, registration)
    else:
        registration.said = canonical(without_people(registration.details))
        registration.deceased_nik_index = None
    registration.claim_index = None
    registration.erased_at = now


def erase_papers_of_entry(session: Session, registration: Registration, now: datetime) -> None:
    """Forget the scans behind an entry; the entry, its notes and its certificate stay."""
    _say(registration, now)
    erase_papers(session, registration, now)


def erase_papers(session: Session, registration: Registration, now: datetime) -> None:
    """Forget the papers; bytes that a sibling's registration shows too stay for that."""
    kind: type[Any] = RegistrationDocument if isinstance(registration, BirthRegistration) else DeathDocument
    mine = kind.registration_id == registration.id
    of_files = list(session.scalars(sa.select(kind.file_id).where(mine)))
    session.flush()
    session.execute(sa.delete(kind).where(mine))
    session.expire(registration, ["documents"])
    shown = sa.select(1).where(kind.file_id == files.StoredFile.id).exists()
    for stored in session.scalars(sa.select(files.StoredFile).where(files.StoredFile.id.in_(of_files), ~shown)):
        for key in filter(None, (stored.key, stored.detail.get("thumbnail"))):
            due.schedule(session, files.FORGET, key, now)
        session.delete(stored)


def _forget_birth(session: Session, registration: BirthRegistration) -> None:
    registration.people.clear()
    registration.child_name = registration.birth_place_name = ""
    registration.child_name_index = b""
    registration.family_card_no = registration.mother_nik_index = None
    name_sounds.forget(session, registration)
    session.execute(sa.delete(BirthNotification).where(BirthNotification.registration_id == registration.id))


def _say(registration: Registration, now: datetime) -> None:
    line = registration.line(position=len(registration.history) + 1, status=registration.status, at=now, actor_sub=BY, reason_code=DONE)
    registration.history.append(line)
