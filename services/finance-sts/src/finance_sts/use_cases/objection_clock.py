"""The term of an objection: one appointment each, kept while it waits for its decision."""

from datetime import datetime

from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill
from finance_sts.model.objection import Objection, filed_against
from smartcity import due
from smartcity.calendar import ONE, start_of_day

TERM = "objection_term"


def appoint(session: Session, objection: Objection) -> None:
    """The day after the last day for the decision it is granted."""
    due.schedule(session, TERM, str(objection.id), start_of_day(objection.decide_by + ONE))


def stop(session: Session, objection: Objection) -> None:
    """It was decided, or has lapsed."""
    due.cancel(session, TERM, str(objection.id))


def lapse(session: Session, bill: Bill, now: datetime) -> None:
    """The bill asks for nothing any more: an objection against it that waits has nothing left to decide."""
    waiting = filed_against(session, bill.id) if bill.was_issued else None
    if waiting is not None:
        waiting.lapse(now)
        stop(session, waiting)
