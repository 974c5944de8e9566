"""An application whose applicant does nothing, while it is theirs to repair or to pay, lapses; they are reminded before."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session, object_session

from licensing.model.application_status import Status
from licensing.model.permit_application import PermitApplication
from licensing.use_cases.permit_types import permit_type
from smartcity import due
from smartcity.calendar import day_of, end_of_day
from smartcity.storage import get

LAPSE = "licensing.lapse"
REASONS = {Status.RETURNED: "not-repaired", Status.AWAITING_PAYMENT: "not-paid"}


def watch(application: PermitApplication, now: datetime) -> None:
    """The applicant has done something, or it is their turn now: the days count from today."""
    terms = permit_type(application.permit_type).lapses.get(application.status.value)
    if terms is not None:
        application.wait_until(day_of(now) + timedelta(days=terms["days"]))
    _appoint(application)


def fall_due(session: Session, subject: str, now: datetime) -> None:
    """Remind the applicant, or let the application lapse once its last day is over."""
    application = get(session, PermitApplication, UUID(subject), lock=True)
    if application.lapses_on is None:
        return
    if end_of_day(application.lapses_on) < now:
        application.lapse(REASONS[application.status], now)
    elif not application.reminded and _reminder(application) < now:
        application.remind(now)
    _appoint(application)


def _reminder(application: PermitApplication) -> datetime:
    terms = permit_type(application.permit_type).lapses[application.status.value]
    assert application.lapses_on is not None
    return end_of_day(application.lapses_on - timedelta(days=terms["reminder"]))


def _appoint(application: PermitApplication) -> None:
    session, last = object_session(application), application.lapses_on
    if session is not None:
        at = None if last is None else (end_of_day(last) if application.reminded else _reminder(application)) + timedelta(seconds=1)
        due.appoint(session, LAPSE, str(application.id), at)
