"""Where every office stands at the end of a day: billed, received, deposited, validated, what is still in a treasurer's hand, and what should have gone back."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill
from finance_sts.model.deposit_slip import DepositSlip, SlipStatus
from finance_sts.model.payment import MOVES_MONEY, Payment
from finance_sts.model.refund import WAITING, Refund
from finance_sts.use_cases.cash_in_hand import undeposited
from smartcity.calendar import ONE, start_of_day

COLUMNS = ("office", "bills_issued", "billed", "payments", "received", "deposited", "validated", "in_hand", "in_hand_since", "refunds_late")
Sums = dict[str, dict[str, Any]]


def position(session: Session, day: date, office: str | None) -> list[dict[str, Any]]:
    """`COLUMNS` for every office that has anything of the day or in hand; whole rupiah. What is in hand, and what waits to go back, is as it is now."""
    asked = {
        ("bills_issued", "billed"): billed(day), ("payments", "received"): received(day), ("deposited", "validated"): slips(day),
        ("refunds_late",): late_refunds(day),
    }  # fmt: skip
    nothing = {**dict.fromkeys(COLUMNS[1:], 0), "in_hand_since": None}
    offices: Sums = {}
    for names, query in asked.items():
        for row in session.execute(query):
            offices.setdefault(row[0], dict(nothing)).update(zip(names, row[1:], strict=True))
    for where, since, amount in session.execute(undeposited(office)):
        found = offices.setdefault(where, dict(nothing))
        found.update(in_hand=found["in_hand"] + amount, in_hand_since=found["in_hand_since"] or since)
    return [{"office": name, **sums} for name, sums in sorted(offices.items()) if office in (None, name)]


def _sum(amount: Any) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.coalesce(sa.func.sum(amount), 0), sa.BigInteger)


def billed(day: date) -> sa.Select[*tuple[Any, ...]]:
    """(office, bills, whole rupiah) issued on the day."""
    first, after = (start_of_day(one) for one in (day, day + ONE))
    return (
        sa.select(Bill.office, sa.func.count(), _sum(Bill.total))
        .where(Bill.issued_at >= first, Bill.issued_at < after)
        .group_by(Bill.office)
    )


def received(day: date) -> sa.Select[*tuple[Any, ...]]:
    """(office, payments, whole rupiah) of the cash day."""
    return sa.select(Payment.office, sa.func.count(), _sum(Payment.amount)).where(Payment.day == day, MOVES_MONEY).group_by(Payment.office)


def slips(day: date) -> sa.Select[*tuple[Any, ...]]:
    """(office, deposited, validated) of the slips of the cash day, whole rupiah."""
    sent = DepositSlip.status != SlipStatus.DRAFT
    valid = DepositSlip.status.in_((SlipStatus.VALIDATED, SlipStatus.RECONCILED))
    sums = (_sum(sa.case((one, DepositSlip.total), else_=0)) for one in (sent, valid))
    return sa.select(DepositSlip.office, *sums).where(DepositSlip.day == day).group_by(DepositSlip.office)


def late_refunds(day: date) -> sa.Select[*tuple[Any, ...]]:
    """(office, refunds) that wait for their decision, SKRDLB or payment although the last day for it was before `day`."""
    return sa.select(Refund.office, sa.func.count()).where(WAITING, Refund.act_by < day).group_by(Refund.office)
