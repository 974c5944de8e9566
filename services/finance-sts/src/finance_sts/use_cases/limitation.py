"""Until when a bill may be collected: computed at issue, anew at every interruption, marked when it has run."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from finance_sts.model import interruption
from finance_sts.model.bill import Bill
from finance_sts.model.interruption import Cause
from finance_sts.rules.limitation import limitation_on
from finance_sts.use_cases import tables
from smartcity import due
from smartcity.calendar import ONE, day_of, start_of_day
from smartcity.storage import get

LIMITATION = "bill_limitation"


def watch(session: Session, bill: Bill, arose_on: date) -> None:
    """The debt of the bill arose on that day: until when it may be collected, and the appointment to mark it."""
    bill.arose_on = arose_on
    bill.limitation_on = limitation_on(tables.limitation_rule(arose_on), arose_on, interruption.days_of(session, bill.reference))
    due.schedule(session, LIMITATION, str(bill.id), start_of_day(bill.limitation_on + ONE))


def interrupt(session: Session, bill: Bill, cause: Cause, now: datetime) -> None:
    """A Surat Teguran, or the payer acknowledges the debt: the time starts anew today, unless it has run."""
    if bill.is_open and bill.arose_on is not None and bill.barred_at is None:
        interruption.keep(session, bill.reference, day_of(now), cause)
        watch(session, bill, bill.arose_on)


def run_out(session: Session, subject: str, now: datetime) -> None:
    """Due work: the last day has passed."""
    get(session, Bill, UUID(subject), lock=True).bar(now)
