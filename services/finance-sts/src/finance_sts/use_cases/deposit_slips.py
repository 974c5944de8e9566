"""The day's receipts on their way to the city's account."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model import ledger
from finance_sts.model.deposit_slip import ClosedDay, DepositSlip, lock_day
from finance_sts.model.payment import Payment, PaymentHead
from finance_sts.use_cases import tables
from finance_sts.use_cases.cash_days import cash_day
from smartcity import documents
from smartcity.calendar import day_of
from smartcity.errors import RuleBroken
from smartcity.storage import next_number, uuid7

DEPOSIT_WITHIN = timedelta(days=1)  # PP 12/2019 Pasal 137(1)


def gather(session: Session, office: str, day: date, treasurer: str, now: datetime) -> DepositSlip:
    """Gather what the day has received and no slip holds yet. Raises `nothing-to-deposit`, `day-closed`."""
    lock_day(session, office, day)
    if session.get(ClosedDay, (office, day)) is not None:
        raise RuleBroken("day-closed", day=day)
    query = sa.select(Payment).where(Payment.office == office, Payment.day == day, Payment.slip_id.is_(None))
    payments = list(session.scalars(query.order_by(Payment.id).with_for_update(of=Payment)))
    if not payments:
        raise RuleBroken("nothing-to-deposit", day=day)
    total = sum(payment.amount for payment in payments)
    slip = DepositSlip(id=uuid7(), office=office, day=day, total=total, treasurer_sub=treasurer, made_at=now)
    slip.tell_issue()
    session.add(slip)
    session.flush()
    for payment in payments:
        payment.slip_id = slip.id
    return slip


def deposit(session: Session, slip: DepositSlip, bank_reference: str, now: datetime) -> DepositSlip:
    """The bank has taken it: the slip gets its number; later than a day after the receipts is flagged."""
    slip.must_be_draft()
    day = cash_day(session, slip.office, now)
    hand, city = tables.account_of("treasurer_cash"), tables.account_of("treasury_cash")
    ledger.post(session, (f"deposit:{slip.id}", slip.office, day, now), [(city, slip.total)], [(hand, slip.total)])
    slip.verify_code = documents.promise(session, "deposit_slip", slip.id)
    year = str(day_of(now).year)
    number = f"STS/{slip.office}/{year}/{next_number(session, 'deposit-slip', slip.office, year):06}"
    slip.deposit(number, bank_reference, now, late=day_of(now) - slip.day > DEPOSIT_WITHIN)
    return slip


def lines(session: Session, slip: DepositSlip) -> list[tuple[str, int]]:
    """What the slip holds by account: (account code, whole rupiah); together its total."""
    sums = sa.select(PaymentHead.account_code, sa.func.sum(PaymentHead.amount)).join(Payment).where(Payment.slip_id == slip.id)
    rows = session.execute(sums.group_by(PaymentHead.account_code).order_by(PaymentHead.account_code))
    return [(code, int(amount)) for code, amount in rows]
