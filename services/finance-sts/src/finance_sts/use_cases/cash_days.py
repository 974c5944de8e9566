"""The cash day of an office: what it received, gathered and deposited, to the rupiah; and its closing by a second person."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.cash_day import CashDay, closed_day, last_closed, lock_day, lock_to_close
from finance_sts.model.deposit_slip import DepositSlip, SlipStatus
from finance_sts.model.ledger import LedgerEntry
from finance_sts.model.payment import MOVES_MONEY, Payment, PaymentHead
from finance_sts.use_cases import stray_banks
from finance_sts.use_cases.day_seals import SEAL
from finance_sts.use_cases.reconciliations import LOOK_AGAIN
from smartcity import due, duties
from smartcity.calendar import day_of
from smartcity.errors import InputWrong, RuleBroken
from smartcity.http import Actor

HANDLE = "handle_cash"


def cash_day(session: Session, office: str, now: datetime) -> date:
    """The cash day of what is booked now: today, or the next day where today is closed; it stays open until this commit."""
    today = day_of(now)
    lock_day(session, office, today)
    closed = last_closed(session, office)
    if closed is None or closed < today:
        return today
    lock_day(session, office, closed + timedelta(days=1))
    return closed + timedelta(days=1)


def must_be_open(session: Session, office: str, day: date) -> None:
    """Raises `day-closed` where the day, or one after it, is closed; it stays open until this commit."""
    lock_day(session, office, day)
    closed = last_closed(session, office)
    if closed is not None and day <= closed:
        raise RuleBroken("day-closed", day=day)


def handled(session: Session, actor: Actor, office: str, day: date, now: datetime) -> None:
    """Keep that the actor had the day's money in hand: whoever had does not close the day."""
    duties.done(session, actor, f"{office}/{day}", HANDLE, now)


def day_named(text: str) -> date:
    """The day of a path; raises `InputWrong` for what is no ISO date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputWrong({"day": ["Not a valid date."]}) from None


def position(session: Session, office: str, day: date) -> dict[str, Any]:
    """What the day has received, by channel and account, gathered, deposited and had validated; `balance` is still in hand."""
    mine = (Payment.office == office, Payment.day == day, MOVES_MONEY)
    channels = sa.select(Payment.channel, sa.func.sum(Payment.amount)).where(*mine).group_by(Payment.channel).order_by(Payment.channel)
    heads = sa.select(PaymentHead.account_code, sa.func.sum(PaymentHead.amount)).join(Payment).where(*mine)
    accounts = heads.group_by(PaymentHead.account_code).order_by(PaymentHead.account_code)
    by_channel = {channel.value: int(amount) for channel, amount in session.execute(channels)}
    received = sum(by_channel.values())
    slips = _slips(session, office, day)
    deposited = sum(amount for status, amount in slips.items() if status is not SlipStatus.DRAFT)
    closed = closed_day(session, office, day)
    return {
        "office": office, "day": day, "received": received, "gathered": sum(slips.values()), "deposited": deposited,
        "validated": slips.get(SlipStatus.VALIDATED, 0) + slips.get(SlipStatus.RECONCILED, 0), "balance": received - deposited,
        "channels": [{"channel": channel, "amount": amount} for channel, amount in by_channel.items()],
        "accounts": [{"account_code": code, "amount": int(amount)} for code, amount in session.execute(accounts)],
        "stray_banks": stray_banks.of_day(session, day, office), "closed": closed is not None, "closed_at": closed.closed_at if closed else None,
    }  # fmt: skip


def _slips(session: Session, office: str, day: date) -> dict[SlipStatus, int]:
    mine = (DepositSlip.office == office, DepositSlip.day == day)
    query = sa.select(DepositSlip.status, sa.func.sum(DepositSlip.total)).where(*mine).group_by(DepositSlip.status)
    return {status: int(amount) for status, amount in session.execute(query)}


def close_day(session: Session, office: str, day: date, actor: Actor, now: datetime) -> dict[str, Any]:
    """A second person closes the day when nothing is left in hand; twice is once. It is sealed by due work.

    Raises `day-not-over`, `earlier-day-open`, `day-not-balanced`, `closer-is-treasurer` (PP 12/2019 Pasal 14(3)), `same-person-twice`.
    """
    lock_to_close(session, office, day)
    found = position(session, office, day)
    if found["closed"]:
        return found
    if day > day_of(now):
        raise RuleBroken("day-not-over", day=day)
    if (earlier := _open_before(session, office, day)) is not None:
        raise RuleBroken("earlier-day-open", day=earlier)
    if found["balance"]:
        raise RuleBroken("day-not-balanced", day=day, balance=found["balance"])
    _must_be_another(session, actor, office, day)
    closed = CashDay(office=office, day=day, closed_by=actor.sub, closed_at=now, received=found["received"], deposited=found["deposited"])
    closed.tell_closing()
    session.add(closed)
    session.flush()
    due.schedule(session, SEAL, str(closed.id), now)
    due.schedule(session, LOOK_AGAIN, f"{office}/{day}", now)
    return position(session, office, day)


def _open_before(session: Session, office: str, day: date) -> date | None:
    """The first day before `day` on which something is booked and that is not closed."""
    closed = last_closed(session, office)
    if closed is not None and closed > day:
        raise RuleBroken("day-closed", day=day)
    booked = sa.select(LedgerEntry.day).where(LedgerEntry.office == office, LedgerEntry.day > (closed or date.min), LedgerEntry.day < day)
    return session.scalar(booked.order_by(LedgerEntry.day).limit(1))


def _must_be_another(session: Session, actor: Actor, office: str, day: date) -> None:
    """Who closes the books is no collector, and had none of the day's money in hand, also in nobody's name."""
    if actor.has("treasurer"):
        raise RuleBroken("closer-is-treasurer")
    takers = sa.select(Payment.recorded_by).where(Payment.office == office, Payment.day == day, MOVES_MONEY)
    makers = sa.select(DepositSlip.treasurer_sub).where(DepositSlip.office == office, DepositSlip.day == day)
    if actor.acts_as & set(session.scalars(takers.union(makers))):
        raise RuleBroken("same-person-twice")
    duties.must_be_another(session, actor, f"{office}/{day}", HANDLE, code="same-person-twice")
