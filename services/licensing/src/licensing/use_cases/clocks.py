"""The clocks of the office: which step runs, by when, and who is told when it takes too long."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, object_session

from licensing.model.clearance import Clearance
from licensing.model.permit_application import PermitApplication
from licensing.model.step_clock import Clock, StepClock, clock_of
from licensing.use_cases import assignments, clearances, inspections, lapses
from licensing.use_cases.permit_types import permit_type
from smartcity import due
from smartcity.calendar import day_of
from smartcity.outages import Outage
from smartcity.storage import get

ESCALATE = "licensing.escalate"


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
    """The suite was down: whoever had to act meanwhile gets the minutes back, the offices asked for a clearance or an inspection too."""
    outage = session.get_one(Outage, int(subject))
    running = [sa.select(kind.application_id).where(kind.since.is_not(None), kind.since < outage.ended) for kind in (StepClock, Clearance)]
    for application_id in sorted(session.scalars(sa.union(*running))):
        application = get(session, PermitApplication, application_id, lock=True)
        clocks: list[Clock] = [*application.clocks, *application.clearances]
        for clock in clocks:
            clock.lose(outage)
        _appoint(application)
        clearances.appoint(application)
    inspections.give_back(session, outage)


def breached(session: Session, now: datetime) -> float:
    """Steps of applications that have taken longer than they may."""
    late = sa.select(sa.func.count()).select_from(StepClock).where(StepClock.since.is_not(None), StepClock.due_on < day_of(now))
    return float(session.scalar(late) or 0)
