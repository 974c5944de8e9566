"""A bill is paid in instalments: asked by its payer or an officer, agreed by another, ended by the first that is missed."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill
from finance_sts.model.collection_step import taken_on
from finance_sts.model.instalments import AgreementStatus, Instalment, InstalmentAgreement, agreements_of, must_be_what_is_owed
from finance_sts.model.interruption import Cause
from finance_sts.use_cases import collection_clock, limitation, payer_requests
from finance_sts.use_cases.billing import locked
from smartcity import due, duties
from smartcity.calendar import ONE, day_of, start_of_day
from smartcity.errors import InputWrong, RuleBroken
from smartcity.http import Actor
from smartcity.storage import get

INSTALMENT = "instalment"
ASK = "ask"
RUNNING = (AgreementStatus.REQUESTED, AgreementStatus.IN_FORCE)


def ask(session: Session, bill: Bill, actor: Actor, parts: Sequence[tuple[date, int]], now: datetime) -> InstalmentAgreement:
    """Ask to pay in `parts` (last day, whole rupiah), which are together what is owed. Collecting goes on until it is agreed.

    Raises `InputWrong` for days that do not follow each other from tomorrow on, `RuleBroken` where nothing is owed, the parts are
    not what is owed, or an agreement is running already.
    """
    days = [day for day, _ in parts]
    if any(later <= earlier for earlier, later in zip([day_of(now), *days], days, strict=False)):
        raise InputWrong({"parts": ["instalment-days-wrong"]})
    if not bill.is_open:
        raise RuleBroken("nothing-owed", status=bill.status)
    must_be_what_is_owed([amount for _, amount in parts], bill)
    running = agreements_of(bill.id).where(InstalmentAgreement.status.in_(RUNNING))
    if session.scalar(sa.select(running.exists())):
        raise RuleBroken("instalments-running")
    lines = [Instalment(line=n, due_on=day, amount=amount) for n, (day, amount) in enumerate(parts, 1)]
    asked = InstalmentAgreement(
        bill_id=bill.id, office=bill.office, owner_sub=bill.owner_sub, asked_by=actor.sub, asked_at=now, parts=lines,
        decide_by=payer_requests.decide_by(now),
    )  # fmt: skip
    session.add(asked)
    session.flush()
    duties.done(session, actor, asked.id, ASK, now)
    if actor.owns(bill.owner_sub):
        limitation.interrupt(session, bill, Cause.INSTALMENT, now)
    return asked


def decide(session: Session, agreement: InstalmentAgreement, actor: Actor, *, granted: bool, now: datetime) -> InstalmentAgreement:
    """The head of the office agrees or refuses, not who asked; while it is kept, nothing is done to collect the bill."""
    duties.must_be_another(session, actor, agreement.id, ASK, code="same-person-twice")
    bill = locked(session, agreement.bill_id)
    agreement.decide(actor.sub, bill, granted=granted, now=now)
    if granted:
        due.cancel(session, collection_clock.COLLECTION, str(bill.id))
        _appoint(session, agreement, agreement.parts[0])
    return agreement


def check(session: Session, subject: str, now: datetime) -> None:
    """Due work: the day of a part has passed."""
    bill = locked(session, get(session, InstalmentAgreement, UUID(subject)).bill_id)
    agreement = get(session, InstalmentAgreement, UUID(subject), lock=True)
    missing = agreement.next_unpaid(bill)
    if bill.is_open and missing is not None and missing.due_on >= day_of(now):
        _appoint(session, agreement, missing)
        return
    agreement.close(bill, now)
    if bill.is_open:
        collection_clock.appoint(session, bill, taken_on(session, bill))


def _appoint(session: Session, agreement: InstalmentAgreement, part: Instalment) -> None:
    due.schedule(session, INSTALMENT, str(agreement.id), start_of_day(part.due_on + ONE))
