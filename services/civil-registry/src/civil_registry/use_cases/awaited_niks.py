"""NIKs that come after the entry: asked for by due work until they are given, then noted in the entry's margin, once."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.awaited_nik import AwaitedNik
from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.use_cases.birth_particulars import nik_index
from civil_registry.use_cases.marginal_notes import note_nik
from civil_registry.use_cases.newborns import newborn
from civil_registry.use_cases.nik_authority import AuthorityAway, authority
from smartcity import due
from smartcity.errors import RuleBroken
from smartcity.observability import log
from smartcity.storage import get

ASK = "ask_for_nik"
SHORTEST, LONGEST = timedelta(seconds=30), timedelta(minutes=30)


def queue(session: Session, record: BirthRecord, now: datetime) -> None:
    """The entry is made without a NIK; ask for it at once, outside the registration."""
    session.flush()
    session.add(AwaitedNik(record_id=record.id, queued_at=now))
    due.schedule(session, ASK, str(record.id), now)


def ask(session: Session, subject: str, now: datetime) -> None:
    """Due work: ask for the NIK of entry `subject`. Killed between answer and commit, the same question has the same answer.

    Away, or not given yet: again, ever more seldom, for as long as it takes.
    """
    awaited = session.get_one(AwaitedNik, UUID(subject), with_for_update=True)
    if awaited.assigned_at is not None:
        return
    record = get(session, BirthRecord, awaited.record_id)
    child = newborn(get(session, BirthRegistration, record.registration_id))
    awaited.attempts += 1
    try:
        nik = authority().ask(record.number, child)
    except AuthorityAway as away:
        log.warning("nik authority away", error=str(away), subject=subject)
        nik = None
    if nik is None:
        due.schedule(session, ASK, subject, now + min(LONGEST, SHORTEST * 2 ** min(awaited.attempts - 1, 10)))
        return
    _must_be_new(session, nik)
    awaited.nik_index, awaited.assigned_at = nik_index(nik), now
    note_nik(session, record, nik, now)


def _must_be_new(session: Session, nik: str) -> None:
    """One given to another child is not taken: the due work is parked, and a person asks the authority."""
    index = nik_index(nik)
    ours = sa.select(BirthRecord.id).where(BirthRecord.child_nik_index == index)
    if session.scalar(ours.union_all(sa.select(AwaitedNik.record_id).where(AwaitedNik.nik_index == index)).limit(1)):
        raise LookupError("the authority gave a NIK that another child has")


def must_have_come(session: Session, record: BirthRecord) -> None:
    """Raises `RuleBroken` while the entry has no NIK: an extract bears it (UU 23/2006 Pasal 68(2))."""
    awaited = session.get(AwaitedNik, record.id)
    if awaited is not None and awaited.assigned_at is None:
        raise RuleBroken("nik-awaited")


def longest_wait(session: Session, now: datetime) -> float:
    """Seconds for which the NIK waited for longest has not come."""
    first = session.scalar(sa.select(sa.func.min(AwaitedNik.queued_at)).where(AwaitedNik.assigned_at.is_(None)))
    return max(0.0, (now - first).total_seconds()) if first else 0.0
