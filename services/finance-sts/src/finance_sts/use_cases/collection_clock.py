"""When the next step to collect a bill is due: one appointment a bill, moved from step to step."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill
from finance_sts.model.collection_step import CollectionStep
from finance_sts.rules.collection import StepKind, next_step
from finance_sts.use_cases import tables
from smartcity import due
from smartcity.calendar import day_of, start_of_day

COLLECTION = "bill_collection"


def following(bill: Bill, taken: Iterable[CollectionStep]) -> tuple[StepKind, date] | None:
    """The step that comes after those taken, and its day; none on an STRD: interest bears no interest."""
    done = [(step.kind, step.day) for step in taken if step.payment_id is None]
    return None if bill.is_demand else next_step(tables.collection_rule(bill.due_on), bill.due_on, day_of(bill.issued_at), done)


def appoint(session: Session, bill: Bill, taken: Iterable[CollectionStep] = ()) -> None:
    """Keep the appointment for the step after those taken: at the beginning of its day in Medan."""
    found = following(bill, taken)
    due.appoint(session, COLLECTION, str(bill.id), start_of_day(found[1]) if found else None)
