"""Building works: the holder says when they begin; the office asks; without an answer the permit lapses."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from licensing.model import facts
from licensing.model.permit import Permit
from licensing.model.permit_status import PERMIT_TRANSITIONS, PermitStatus
from licensing.model.works_watch import WorksWatch
from licensing.use_cases.permit_types import PermitType, permit_type
from smartcity import due
from smartcity.calendar import ONE, day_of, start_of_day
from smartcity.errors import InputWrong, RuleBroken
from smartcity.storage import get

WATCH = "licensing.works"


def watch(session: Session, permit: Permit, kind: PermitType, before: Permit | None) -> None:
    """From the issue on, where the type asks for the notice; a permit that takes another's place goes on where that one stood."""
    if kind.works is None:
        return
    days = kind.works_days(day_of(permit.issued_at))
    known = session.get(WorksWatch, before.id) if before is not None else None
    fresh = WorksWatch(permit_id=permit.id, lapses_on=days[-1], legal_basis=kind.works["legal_basis"])
    if known is not None:
        fresh.lapses_on, fresh.asked, fresh.asked_at = known.lapses_on, known.asked, known.asked_at
        fresh.starts_on, fresh.noticed_at = known.starts_on, known.noticed_at
    session.add(fresh)
    _appoint(session, permit, fresh)


def fall_due(session: Session, subject: str, now: datetime) -> None:
    """Nothing was heard of the works: the holder is asked; after the last question and the last day the permit ends."""
    permit = get(session, Permit, UUID(subject), lock=True)
    found = session.get_one(WorksWatch, permit.id)
    if found.starts_on is not None or PermitStatus.EXPIRED not in PERMIT_TRANSITIONS[permit.status]:
        return
    if found.asked == len(permit_type(permit.permit_type).works_days(day_of(permit.issued_at))) - 1:
        permit.lapse(found.lapses_on, now)
        return
    found.ask(now)
    permit.note(facts.PermitWorksAsked(permit.id, permit.number, permit.permit_type, found.asked, found.lapses_on))
    _appoint(session, permit, found)


def notice(session: Session, permit: Permit, starts_on: date, now: datetime) -> Permit:
    """The holder's word. Raises `works-not-watched`, `permit-not-in-force`, `works-begun-already`; `InputWrong` for a day before the issue."""
    found = session.get(WorksWatch, permit.id)
    if found is None:
        raise RuleBroken("works-not-watched", permit_type=permit.permit_type)
    if permit.status is not PermitStatus.ACTIVE:
        raise RuleBroken("permit-not-in-force", status=permit.status)
    if starts_on < day_of(permit.issued_at):
        raise InputWrong({"starts_on": ["before-the-issue"]})
    found.notice(starts_on, now)
    permit.updated_at = now
    due.cancel(session, WATCH, str(permit.id))
    return permit


def _appoint(session: Session, permit: Permit, found: WorksWatch) -> None:
    """The next question, or the end: at the beginning of the day after."""
    if found.starts_on is None:
        days = permit_type(permit.permit_type).works_days(day_of(permit.issued_at))
        day = min(days[min(found.asked, len(days) - 1)], found.lapses_on)
        due.schedule(session, WATCH, str(permit.id), start_of_day(day + ONE))
