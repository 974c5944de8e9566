"""Work is spread over the officers of the office by load."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, object_session, selectinload

from licensing.model.application_status import Status
from licensing.model.assignment import ROLES, Assignment, Officer
from licensing.model.permit_application import PermitApplication
from licensing.rules.spreading import Candidate, chosen
from licensing.use_cases.examiners import behind
from smartcity.calendar import day_of
from smartcity.http import Actor
from smartcity.storage import get

MOST_AT_ONCE = 200
NOT_BY_THE_OFFICE = (Status.WITHDRAWN, Status.LAPSED)
OPEN = Assignment.ended_at.is_(None)


def follow(application: PermitApplication, now: datetime) -> None:
    """End the assignment of a step that was left, and give out the one reached."""
    session = object_session(application)
    assert session is not None
    held = session.scalar(sa.select(Assignment).where(Assignment.application_id == application.id, OPEN))
    if held is not None and held.step is application.status:
        return
    if held is not None:
        held.end(_who_left(application, held.step), now)
        session.flush()
    if role := ROLES.get(application.status):
        reached = Assignment(
            application_id=application.id, office=application.office, step=application.status, role=role, since=application.status_since
        )
        session.add(reached)
        _give(session, reached, application, _roster(session, reached.office), now)


def ask(session: Session, actor: Actor, now: datetime) -> None:
    """Somebody of the office asks for work: they are known from now on, and what nobody could take is given out."""
    roles = actor.roles & set(ROLES.values())
    if not roles or actor.office is None:
        return
    _return_lent(session, actor.office, now)
    known = session.get(Officer, (actor.office, actor.sub))
    if known is None:
        known = Officer(office=actor.office, sub=actor.sub, last_seen_at=now)
        session.add(known)
    _release(session, known, known.seen(roles, bool(actor.acting_for), now))
    _spread(session, actor.office, roles, now)


def officers(session: Session, office: str | None) -> list[dict[str, Any]]:
    """Who works in the office, with the load of each."""
    load = _load(session, office)
    found = session.scalars(sa.select(Officer).where(Officer.office == office).order_by(Officer.sub))
    return [_shown(one, load.get(one.sub, 0)) for one in found]


def set_presence(session: Session, actor: Actor, sub: str, present: bool, now: datetime) -> dict[str, Any]:
    """The head says who is there; what somebody absent had open is spread anew at once."""
    officer = get(session, Officer, (actor.office, sub), lock=True)
    officer.present = present
    if not present:
        released = frozenset(ROLES.values())
        _release(session, officer, released)
        _spread(session, officer.office, released, now)
    return _shown(officer, _load(session, officer.office).get(sub, 0))


def mine(actor: Actor, step: Status | None) -> sa.Select[Assignment]:
    """What is assigned to the actor and open."""
    found = _open_of(actor.office, actor.sub).options(selectinload(Assignment.application))
    return found.where(Assignment.step == step) if step else found


def assigned(session: Session, actor: Actor, applications: Sequence[PermitApplication]) -> set[Any]:
    """Which of these applications are assigned to the actor."""
    asked = sa.select(Assignment.application_id).where(Assignment.application_id.in_([one.id for one in applications]), OPEN)
    return set(session.scalars(asked.where(Assignment.officer_sub == actor.sub)))


def _open_of(office: str | None, sub: str | None) -> sa.Select[Assignment]:
    return sa.select(Assignment).where(Assignment.office == office, Assignment.officer_sub == sub, OPEN)


def _return_lent(session: Session, office: str, now: datetime) -> None:
    """What was lent to a deputy was lent for a day."""
    over = sa.select(Officer).where(Officer.office == office, Officer.lent_on < day_of(now))
    for officer in session.scalars(over.with_for_update(skip_locked=True)).all():
        _release(session, officer, officer.return_lent())


def _release(session: Session, officer: Officer, roles: frozenset[str]) -> None:
    """What an officer had open in roles they do not act in any more waits to be given out."""
    if roles:
        held = sa.update(Assignment).where(Assignment.office == officer.office, Assignment.officer_sub == officer.sub, OPEN)
        session.execute(held.where(Assignment.role.in_(roles)).values(officer_sub=None, assigned_at=None, assigned_by=None))


def _spread(session: Session, office: str, roles: frozenset[str], now: datetime) -> None:
    """Give out what waits for somebody of these roles, the oldest first; what is more than `MOST_AT_ONCE` when somebody asks next."""
    waits = _open_of(office, None).where(Assignment.role.in_(roles)).order_by(Assignment.since, Assignment.id)
    found = session.scalars(waits.limit(MOST_AT_ONCE).with_for_update(skip_locked=True)).all()
    if found:
        roster = _roster(session, office)
        for one in found:
            _give(session, one, one.application, roster, now)


@dataclass
class Roster:
    """Who of an office is there, and the load of each: read once, however much is given out."""

    there: Sequence[Officer]
    load: dict[str | None, int]


def _roster(session: Session, office: str) -> Roster:
    there = session.scalars(sa.select(Officer).where(Officer.office == office, Officer.present)).all()
    return Roster(there, _load(session, office))


def _give(session: Session, assignment: Assignment, application: PermitApplication, roster: Roster, now: datetime) -> None:
    able = {one.sub: one for one in roster.there if one.has(assignment.role, day_of(now))}
    candidates = [Candidate(one.sub, roster.load.get(one.sub, 0), one.last_given_at) for one in able.values()]
    sub = chosen(candidates, _barred(session, application))
    assignment.give(sub, now)
    if sub:
        able[sub].last_given_at = now
        roster.load[sub] = roster.load.get(sub, 0) + 1


def _barred(session: Session, application: PermitApplication) -> frozenset[str]:
    """Who stands behind the examination does not approve."""
    return behind(session, application) if application.status is Status.IN_EXAMINATION else frozenset()


def loads(office: str | None) -> sa.Select[str | None, int]:
    """How many applications wait for each officer of the office."""
    held = sa.select(Assignment.officer_sub, sa.func.count()).where(Assignment.office == office, Assignment.officer_sub.is_not(None), OPEN)
    return held.group_by(Assignment.officer_sub)


def _load(session: Session, office: str | None) -> dict[str | None, int]:
    return {row[0]: row[1] for row in session.execute(loads(office))}


def _shown(officer: Officer, load: int) -> dict[str, Any]:
    roles = sorted({*officer.roles, *officer.lent_roles})
    return {"sub": officer.sub, "roles": roles, "present": officer.present, "last_seen_at": officer.last_seen_at, "open": load}


def _who_left(application: PermitApplication, step: Status) -> str | None:
    """Who of the office took the application out of the step; `None` where the applicant or time did."""
    last = max((line.position for line in application.history if line.status is step), default=0)
    after = next((line for line in application.history if line.position > last), None)
    return None if after is None or after.status in NOT_BY_THE_OFFICE else after.actor_sub
