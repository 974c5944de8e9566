"""The QRIS code of what is owed on a bill now, as long as it may be shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from finance_sts.model.bill import Bill, BillStatus
from finance_sts.rules import qris
from finance_sts.use_cases import tables
from smartcity.calendar import day_of
from smartcity.errors import RuleBroken


@dataclass(frozen=True)
class Code:
    """`payload` asks for `amount` whole rupiah; not to be shown after `expires_at`: ask again."""

    bill_id: UUID
    payload: str
    amount: int
    expires_at: datetime


def code_of(bill: Bill, now: datetime) -> Code:
    """A fresh code for what is still owed. Raises `bill-not-issued`, `bill-already-paid`, `bill-not-payable`."""
    if not bill.was_issued:
        raise RuleBroken("bill-not-issued")
    if bill.status is BillStatus.PAID:
        raise RuleBroken("bill-already-paid", bill_no=bill.number)
    if not bill.is_open:
        raise RuleBroken("bill-not-payable", status=bill.status)
    today = day_of(now)
    payload = qris.dynamic_payload(tables.merchant_on(today), bill.outstanding, qris.label(bill.number, bill.virtual_account_no))
    return Code(bill.id, payload, bill.outstanding, now + timedelta(minutes=tables.qris_minutes(today)))
