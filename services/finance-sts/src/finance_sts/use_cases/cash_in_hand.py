"""What treasurers still hold, day by day, and what should have been deposited: it must return to nothing."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.deposit_slip import DepositSlip, SlipStatus
from finance_sts.model.payment import MOVES_MONEY, Payment
from finance_sts.use_cases import stray_banks, tables
from smartcity import due
from smartcity.calendar import JAKARTA, day_of
from smartcity.observability import log

RING = "cash_still_in_hand"
AT = time(0, 15)


@dataclass(frozen=True)
class InHand:
    """What of a day's receipts is not deposited yet, whole rupiah; `late` after `deposit_by`."""

    office: str
    day: date
    amount: int
    deposit_by: date
    late: bool


def undeposited(office: str | None) -> sa.Select[Any]:
    """(office, day, whole rupiah) of what no slip holds or a draft does: of one office or of all."""
    loose = sa.select(Payment.office, Payment.day, Payment.amount).where(Payment.slip_id.is_(None), MOVES_MONEY)
    drafts = sa.select(DepositSlip.office, DepositSlip.day, DepositSlip.total).where(DepositSlip.status == SlipStatus.DRAFT)
    if office is not None:
        loose, drafts = loose.where(Payment.office == office), drafts.where(DepositSlip.office == office)
    held = loose.union_all(drafts).subquery()
    total = sa.cast(sa.func.sum(held.c.amount), sa.BigInteger)
    return sa.select(held.c.office, held.c.day, total).group_by(held.c.office, held.c.day).order_by(held.c.office, held.c.day)


def in_hand(session: Session, office: str | None, now: datetime) -> list[InHand]:
    """What is in hand, by office and day: as many rows as there are days that are not deposited."""
    today = day_of(now)
    found = []
    for where, day, amount in session.execute(undeposited(office)):
        last = tables.deposit_rule(where, day).deposit_by(day)
        found.append(InHand(where, day, amount, last, today > last))
    return found


def late_in_hand(session: Session, now: datetime) -> float:
    """Money in treasurers' hands after the day it had to be deposited, rupiah."""
    return float(sum(one.amount for one in in_hand(session, None, now) if one.late))


def ring(session: Session, subject: str, now: datetime) -> None:
    """Due work, every night: each day whose money should have been deposited is named, until it is; and yesterday's banks without an account."""
    for one in in_hand(session, None, now):
        if one.late:
            log.error("cash still in hand", office=one.office, day=one.day.isoformat(), amount=one.amount)
    for stray in stray_banks.of_day(session, day_of(now) - timedelta(days=1), None):
        log.error("bank without receiving account", office=stray["office"], subject=stray["bank"], count=stray["payments"])
    due.schedule(session, RING, subject, datetime.combine(day_of(now) + timedelta(days=1), AT, JAKARTA))
