"""The cash day of an office: what it received, gathered and deposited, to the rupiah; and its closing by a second person."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.deposit_slip import ClosedDay, DepositSlip, SlipStatus, lock_day
from finance_sts.model.payment import Payment, PaymentHead
from smartcity.calendar import day_of
from smartcity.errors import InputWrong, RuleBroken
from smartcity.http import Actor

BOOKKEEPERS = {"treasurer", "cashbook-closer"}


def cash_day(session: Session, office: str, now: datetime) -> date:
    """The cash day of what is booked now: today, or the next day that is still open; it stays open until this commit."""
    day = day_of(now)
    while True:
        lock_day(session, office, day)
        if session.get(ClosedDay, (office, day)) is None:
            return day
        day += timedelta(days=1)


def office_of(actor: Actor, asked: str | None) -> str:
    """The office whose cash day is looked at: the actor's own; who oversees all names it. Raises `InputWrong`."""
    own = actor.office if actor.roles & BOOKKEEPERS else asked
    if own is None:
        raise InputWrong({"office": ["Missing data for required field."]})
    return own


def day_named(text: str) -> date:
    """The day of a path; raises `InputWrong` for what is no ISO date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputWrong({"day": ["Not a valid date."]}) from None


def position(session: Session, office: str, day: date) -> dict[str, Any]:
    """What the day has received, by channel and account, gathered, deposited and had validated; `balance` is still in hand."""
    mine = (Payment.office == office, Payment.day == day)
    channels = sa.select(Payment.channel, sa.func.sum(Payment.amount)).where(*mine).group_by(Payment.channel).order_by(Payment.channel)
    heads = sa.select(PaymentHead.account_code, sa.func.sum(PaymentHead.amount)).join(Payment).where(*mine)
    accounts = heads.group_by(PaymentHead.account_code).order_by(PaymentHead.account_code)
    by_channel = {channel.value: int(amount) for channel, amount in session.execute(channels)}
    received = sum(by_channel.values())
    slips = _slips(session, office, day)
    deposited = sum(amount for status, amount in slips.items() if status is not SlipStatus.DRAFT)
    closed = session.get(ClosedDay, (office, day))
    return {
        "office": office, "day": day, "received": received, "gathered": sum(slips.values()), "deposited": deposited,
        "validated": slips.get(SlipStatus.VALIDATED, 0) + slips.get(SlipStatus.RECONCILED, 0), "balance": received - deposited,
        "channels": [{"channel": channel, "amount": amount} for channel, amount in by_channel.items()],
        "accounts": [{"account_code": code, "amount": int(amount)} for code, amount in session.execute(accounts)],
        "closed": closed is not None, "closed_at": closed.closed_at if closed else None,
    }  # fmt: skip


def _slips(session: Session, office: str, day: date) -> dict[SlipStatus, int]:
    mine = (DepositSlip.office == office, DepositSlip.day == day)
    query = sa.select(DepositSlip.status, sa.func.sum(DepositSlip.total)).where(*mine).group_by(DepositSlip.status)
    return {status: int(amount) for status, amount in session.execute(query)}


def close_day(session: Session, office: str, day: date, who: str, now: datetime) -> dict[str, Any]:
    """A second person closes the day when nothing is left in hand; twice is once.

    Raises `day-not-over`, `day-not-balanced`, `same-person-twice`.
    """
    lock_day(session, office, day, to_close=True)
    found = position(session, office, day)
    if found["closed"]:
        return found
    if day > day_of(now):
        raise RuleBroken("day-not-over", day=day)
    if found["balance"]:
        raise RuleBroken("day-not-balanced", day=day, balance=found["balance"])
    if who in _handled_by(session, office, day):
        raise RuleBroken("same-person-twice")
    session.add(ClosedDay(office=office, day=day, closed_by=who, closed_at=now, received=found["received"], deposited=found["deposited"]))
    session.flush()
    return position(session, office, day)


def _handled_by(session: Session, office: str, day: date) -> set[str]:
    takers = sa.select(Payment.recorded_by).where(Payment.office == office, Payment.day == day)
    makers = sa.select(DepositSlip.treasurer_sub).where(DepositSlip.office == office, DepositSlip.day == day)
    return set(session.scalars(takers.union(makers)))
