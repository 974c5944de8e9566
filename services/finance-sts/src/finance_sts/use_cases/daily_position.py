"""Where every office stands at the end of a day: billed, received, deposited, validated, and what is still in a treasurer's hand."""

from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill
from finance_sts.model.deposit_slip import DepositSlip, SlipStatus
from finance_sts.model.payment import Payment
from smartcity.calendar import JAKARTA

COLUMNS = ("office", "bills_issued", "billed", "payments", "received", "deposited", "validated", "in_hand", "in_hand_since")
Sums = dict[str, dict[str, Any]]


def position(session: Session, day: date, office: str | None) -> list[dict[str, Any]]:
    """`COLUMNS` for every office that has anything of the day or in hand; whole rupiah. In hand is as it is now, of whatever day."""
    asked = [(billed(day), "bills_issued", "billed"), (received(day), "payments", "received")]
    asked += [(slips(day), "deposited", "validated"), (in_hand(), "in_hand", "in_hand_since")]
    nothing = {**dict.fromkeys(COLUMNS[1:], 0), "in_hand_since": None}
    offices: Sums = {}
    for query, *names in asked:
        for row in session.execute(query):
            offices.setdefault(row[0], dict(nothing)).update(zip(names, row[1:], strict=True))
    return [{"office": name, **sums} for name, sums in sorted(offices.items()) if office in (None, name)]


def _sum(amount: Any) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.coalesce(sa.func.sum(amount), 0), sa.BigInteger)


def billed(day: date) -> sa.Select[*tuple[Any, ...]]:
    """(office, bills, whole rupiah) issued on the day."""
    first, after = (datetime.combine(one, time(), JAKARTA) for one in (day, day + timedelta(days=1)))
    return (
        sa.select(Bill.office, sa.func.count(), _sum(Bill.total))
        .where(Bill.issued_at >= first, Bill.issued_at < after)
        .group_by(Bill.office)
    )


def received(day: date) -> sa.Select[*tuple[Any, ...]]:
    """(office, payments, whole rupiah) of the cash day."""
    return sa.select(Payment.office, sa.func.count(), _sum(Payment.amount)).where(Payment.day == day).group_by(Payment.office)


def slips(day: date) -> sa.Select[*tuple[Any, ...]]:
    """(office, deposited, validated) of the slips of the cash day, whole rupiah."""
    sent = DepositSlip.status != SlipStatus.DRAFT
    valid = DepositSlip.status.in_((SlipStatus.VALIDATED, SlipStatus.RECONCILED))
    sums = (_sum(sa.case((one, DepositSlip.total), else_=0)) for one in (sent, valid))
    return sa.select(DepositSlip.office, *sums).where(DepositSlip.day == day).group_by(DepositSlip.office)


def in_hand() -> sa.Select[*tuple[Any, ...]]:
    """(office, whole rupiah, oldest day) of what no slip has taken to the city's account yet."""
    unsent = sa.select(Payment.office, Payment.amount, Payment.day).where(Payment.slip_id.is_(None))
    drafts = sa.select(DepositSlip.office, DepositSlip.total, DepositSlip.day).where(DepositSlip.status == SlipStatus.DRAFT)
    held = unsent.union_all(drafts).subquery()
    office, amount, day = held.c
    return sa.select(office, _sum(amount), sa.func.min(day)).group_by(office)
