"""A late bill is collected step by step: reminded, warned by Surat Teguran, its interest claimed by STRD. All of it is due work."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill
from finance_sts.model.collection_step import CollectionStep, taken_on
from finance_sts.model.interruption import Cause
from finance_sts.rules.collection import StepKind
from finance_sts.use_cases import collection_clock, demands, limitation
from finance_sts.use_cases.billing import locked
from smartcity import documents
from smartcity.calendar import day_of
from smartcity.storage import official_number, uuid7


def take_step(session: Session, subject: str, now: datetime) -> None:
    """Due work: the next step on a bill that is still owed, and the appointment for the one after it."""
    bill = locked(session, UUID(subject))
    taken = taken_on(session, bill)
    following = collection_clock.following(bill, taken)
    if not bill.is_open or following is None:
        return
    kind, _ = following
    if kind is StepKind.DEMAND:
        demands.claim(session, bill, None, now)  # the last: nothing follows
        return
    step = _reminded(bill, now) if kind is StepKind.REMINDER else _warned(session, bill, now)
    session.add(step)
    collection_clock.appoint(session, bill, [*taken, step])


def _reminded(bill: Bill, now: datetime) -> CollectionStep:
    bill.remind(now)
    return CollectionStep(bill_id=bill.id, kind=StepKind.REMINDER, day=day_of(now), outstanding=bill.outstanding)


def _warned(session: Session, bill: Bill, now: datetime) -> CollectionStep:
    ident, day = uuid7(), day_of(now)
    code = documents.promise(session, "warning_letter", ident)
    number = official_number(session, "ST", bill.office, day.year, "warning-letter")
    bill.warn(number, now)
    limitation.interrupt(session, bill, Cause.WARNING_LETTER, now)
    return CollectionStep(
        id=ident, bill_id=bill.id, kind=StepKind.WARNING_LETTER, day=day, outstanding=bill.outstanding, number=number, verify_code=code
    )  # fmt: skip
