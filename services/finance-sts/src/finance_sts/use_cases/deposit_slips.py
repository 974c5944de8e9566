"""The day's receipts on their way to the city's account."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model import ledger
from finance_sts.model.deposit_slip import DepositSlip
from finance_sts.model.payment import MOVES_MONEY, Payment, PaymentHead
from finance_sts.use_cases import tables
from finance_sts.use_cases.cash_days import cash_day, handled, must_be_open
from finance_sts.use_cases.reconciliations import LOOK_AGAIN
from smartcity import documents, due, duties
from smartcity.calendar import day_of
from smartcity.errors import RuleBroken
from smartcity.http import Actor
from smartcity.storage import official_number, uuid7

HAND_OVER = "hand_over"


def gather(session: Session, office: str, day: date, actor: Actor, now: datetime) -> DepositSlip:
    """Gather what the day has received and no slip holds yet. Raises `nothing-to-deposit`, `day-closed`."""
    must_be_open(session, office, day)
    query = sa.select(Payment).where(Payment.office == office, Payment.day == day, Payment.slip_id.is_(None), MOVES_MONEY)
    payments = list(session.scalars(query.order_by(Payment.id).with_for_update(of=Payment)))
    if not payments:
        raise RuleBroken("nothing-to-deposit", day=day)
    total = sum(payment.amount for payment in payments)
    slip = DepositSlip(id=uuid7(), office=office, day=day, total=total, treasurer_sub=actor.sub, made_at=now)
    slip.tell_issue()
    session.add(slip)
    session.flush()
    for payment in payments:
        payment.slip_id = slip.id
    _had_in_hand(session, slip, actor, now)
    return slip


def _had_in_hand(session: Session, slip: DepositSlip, actor: Actor, now: datetime) -> None:
    """Whoever gathered or deposited the money neither validates the slip nor closes its day."""
    duties.done(session, actor, slip.id, HAND_OVER, now)
    handled(session, actor, slip.office, slip.day, now)


def deposit(session: Session, slip: DepositSlip, actor: Actor, bank_reference: str, now: datetime) -> DepositSlip:
    """The bank has taken it: the slip gets its number; later than the rule of the day allows is flagged."""
    slip.must_be_draft()
    _had_in_hand(session, slip, actor, now)
    day = cash_day(session, slip.office, now)
    hand, city = tables.account_of("treasurer_cash"), tables.account_of("treasury_cash")
    ledger.post(session, (f"deposit:{slip.id}", slip.office, day, now), [(city, slip.total)], [(hand, slip.total)])
    slip.verify_code = documents.promise(session, "deposit_slip", slip.id)
    number = official_number(session, "STS", slip.office, day_of(now).year, "deposit-slip")
    slip.deposit(number, bank_reference, tables.deposit_rule(slip.office, slip.day).deposit_by(slip.day), now)
    return slip


def validate(session: Session, slip: DepositSlip, actor: Actor, note: tuple[str, int], now: datetime) -> DepositSlip:
    """The bank's credit `note` (number, whole rupiah) says what arrived; not to be said by whoever had the money in hand."""
    slip.must_be_validatable()
    if slip.treasurer_sub in actor.acts_as:  # slips from before duties were kept
        raise RuleBroken("same-person-twice")
    duties.must_be_another(session, actor, slip.id, HAND_OVER, code="same-person-twice")
    slip.validate(actor.sub, *note, now)
    due.schedule(session, LOOK_AGAIN, f"{slip.office}/{slip.day}", now)
    return slip


def lines(session: Session, slip: DepositSlip) -> list[tuple[str, int]]:
    """What the slip holds by account: (account code, whole rupiah); together its total."""
    sums = sa.select(PaymentHead.account_code, sa.func.sum(PaymentHead.amount)).join(Payment).where(Payment.slip_id == slip.id)
    rows = session.execute(sums.group_by(PaymentHead.account_code).order_by(PaymentHead.account_code))
    return [(code, int(amount)) for code, amount in rows]
