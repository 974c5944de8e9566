"""The clocks of the office: which step runs, by when, and who is told when it takes too long."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, object_session, selectinload

from licensing.model.clearance import Clearance
from licensing.model.inspection import Inspection
from licensing.model.permit_application import PermitApplication
from licensing.model.step_clock import Clock, StepClock, clock_of
from licensing.use_cases import assignments, clearances, inspections, lapses
from licensing.use_cases.permit_types import permit_type
from smartcity import due
from smartcity.calendar import day_of
from smartcity.outages import ENDED, Outage
from smartcity.storage import get

ESCALATE = "licensing.escalate"
PORTION, FIRST = 200, UUID(int=0)


def follow(application: PermitApplication, now: datetime) -> None:
    """Stop the clock of a step that was left, start that of the one reached. Every use case that moves an application says so."""
    clearances.follow(application, now)
    assignments.follow(application, now)
    lapses.watch(application, now)
    steps = permit_type(application.permit_type).steps_for(application.answers)
    running, terms = application.running_clock, steps.get(application.status.value)
    if running is not None and running.step is application.status:
        return
    if running is not None:
        running.stop(now)
    if terms is not None:
        clock_of(application.clocks, application.status, terms).start(now)
    _appoint(application)


def escalate(session: Session, subject: str, now: datetime) -> None:
    """Tell that the running step has used half, all or one and a half of its time."""
    application = get(session, PermitApplication, UUID(subject), lock=True)
    clock = application.running_clock
    if clock is not None and (percent := clock.passed(now)):
        application.escalate(clock, percent, clock.step.value, clock.role, application.office)
    _appoint(application)


def _appoint(application: PermitApplication) -> None:
    session, clock = object_session(application), application.running_clock
    assert session is not None
    due.appoint(session, ESCALATE, str(application.id), clock.next_moment if clock else None)


def give_back(session: Session, subject: str, now: datetime) -> None:
    """The suite was down: whoever had to act meanwhile gets the minutes back, the offices asked for a clearance or an inspection too.

    `subject`: the outage, and after a `/` the last that has them. A portion of cases at a time, so that no request waits long for a lock.
    """
    position, _, after = subject.partition("/")
    outage = session.get_one(Outage, int(position))
    cases = session.scalars(counting(outage, UUID(after) if after else FIRST)).all()
    for application in session.scalars(_with_clocks(cases)):
        clocks: list[Clock] = [*application.clocks, *application.clearances]
        for clock in clocks:
            clock.lose(outage)
        _appoint(application)
        clearances.appoint(application)
    inspections.give_back(session, cases, outage)
    if len(cases) == PORTION:
        due.schedule(session, ENDED, f"{position}/{cases[-1]}", outage.began)


def counting(outage: Outage, after: UUID) -> sa.Select[UUID]:
    """Applications and inspections after `after` of which a clock ran in the outage, by id, a portion of them."""
    kinds = ((StepClock, StepClock.application_id), (Clearance, Clearance.application_id), (Inspection, Inspection.id))
    running = [
        sa.select(case.label("id")).where(kind.since.is_not(None), kind.since < outage.ended, case > after).order_by(case).limit(PORTION)
        for kind, case in kinds
    ]
    found = sa.union(*(sa.select(one.subquery().c.id) for one in running)).subquery()
    return sa.select(found.c.id).order_by(found.c.id).limit(PORTION)


def _with_clocks(cases: Sequence[UUID]) -> sa.Select[PermitApplication]:
    clocks = (selectinload(PermitApplication.clocks), selectinload(PermitApplication.clearances))
    found = sa.select(PermitApplication).where(PermitApplication.id.in_(cases)).order_by(PermitApplication.id)
    return found.options(*clocks).with_for_update()


def late_steps(session: Session, now: datetime) -> float:
    """Steps of applications that have taken longer than they may."""
    return _late(session, StepClock, now)


def late_clearances(session: Session, now: datetime) -> float:
    """Questions to other offices that have waited longer than they may."""
    return _late(session, Clearance, now)


def late_inspections(session: Session, now: datetime) -> float:
    """Inspections that have taken longer than they may."""
    return _late(session, Inspection, now)


def _late(session: Session, kind: type[StepClock | Clearance | Inspection], now: datetime) -> float:
    late = sa.select(sa.func.count()).select_from(kind).where(kind.since.is_not(None), kind.due_on < day_of(now))
    return float(session.scalar(late) or 0)


BREACHED = {"step": late_steps, "clearance": late_clearances, "inspection": late_inspections}
