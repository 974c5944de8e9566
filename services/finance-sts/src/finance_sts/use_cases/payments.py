"""One use case for every way to pay: a bank reference is credited once for ever."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model import ledger
from finance_sts.model.bill import Bill, BillStatus
from finance_sts.model.bill_queries import Which, lock_bill
from finance_sts.model.charge import Charge
from finance_sts.model.payment import Channel, Payment, PaymentHead
from finance_sts.use_cases import demands, refunds, tables
from finance_sts.use_cases.cash_days import cash_day, handled
from finance_sts.use_cases.issuing import stop_clocks
from smartcity import documents
from smartcity.errors import RuleBroken
from smartcity.http import Actor
from smartcity.storage import official_number, uuid7

COUNTER = (Channel.COUNTER_CASH, Channel.COUNTER_CARD, Channel.COUNTER_TRANSFER)
MOVED = (Channel.QRIS, Channel.COUNTER_TRANSFER)
"""Money that is at the city's bank already when it is told: it is kept whatever its amount, and what is too much is owed back."""
PARTS = (*COUNTER, Channel.CREDIT)
"""What may be less than is owed."""
UNUSABLE = {BillStatus.CANCELLED: "bill-cancelled", BillStatus.WRITTEN_OFF: "bill-written-off"}
"""Why money for a bill that asks for none goes back."""


@dataclass(frozen=True)
class Incoming:
    """Money that has come in, whichever way. `amount` in whole rupiah; (`bank`, `bank_reference`) names it for ever.

    `asked`: the bank says so because we asked. Whether we take it is no longer the question.
    """

    bank: str
    bank_reference: str
    amount: int
    channel: Channel
    recorded_by: str
    asked: bool = False


def record_payment(session: Session, which: Which, money: Incoming, now: datetime) -> Payment:
    """Credit the money to the bill, once: payment, receipt, ledger and what is told in one commit.

    The same bank reference again answers the same payment. Raises `RuleBroken`: `bank-reference-reused` (other amount or
    bill), `bill-not-issued`, `bill-already-paid`, `payment-amount-differs`. Money that cannot be used, for a cancelled or written-off bill or beyond
    what is owed, is kept, flagged and given back.
    """
    charge, bill = lock_bill(session, which)
    known = session.scalar(sa.select(Payment).where(Payment.bank == money.bank, Payment.bank_reference == money.bank_reference))
    if known is not None:
        if (known.bill_id, known.amount) != (bill.id, money.amount):
            raise RuleBroken("bank-reference-reused", bill_no=bill.number)
        return known
    _must_fit(bill, money)
    usable = min(money.amount, bill.outstanding)
    if 0 < usable == bill.outstanding:
        stop_clocks(session, bill, now)
    payment = _kept(session, bill, money, usable, now)
    payment.tell_receipt(bill.reference, usable=usable > 0)
    if usable < money.amount:
        refunds.keep_for_refund(session, payment, money.amount - usable, UNUSABLE.get(bill.status, "overpaid"), now)
    if usable:
        _credit(session, charge, bill, payment, usable, now)
    return payment


def take(session: Session, bill: Bill, money: Incoming, actor: Actor, now: datetime, evidence_id: UUID | None = None) -> Payment:
    """Take money at the counter, as `record_payment`: who took it does not close the day. A transfer is proved by its evidence."""
    payment = record_payment(session, Bill.id == bill.id, money, now)
    payment.prove(evidence_id)
    handled(session, actor, payment.office, payment.day, now)
    return payment


def _must_fit(bill: Bill, money: Incoming) -> None:
    """A virtual account takes exactly what is owed, or was when its bill ended; the counter also a part of it; what has moved is not refused."""
    if not bill.was_issued:
        raise RuleBroken("bill-not-issued")
    if money.asked or money.channel in MOVED:
        return
    if bill.status is BillStatus.PAID:
        raise RuleBroken("bill-already-paid", bill_no=bill.number)
    asked = bill.total - bill.paid_total
    if money.amount > asked or (money.amount < asked and money.channel not in PARTS):
        raise RuleBroken("payment-amount-differs", outstanding=asked)


def _kept(session: Session, bill: Bill, money: Incoming, usable: int, now: datetime) -> Payment:
    ident = uuid7()
    code = documents.promise(session, "receipt", ident)
    shares = bill.shares(usable)
    if usable < money.amount:
        shares.append((tables.account_of("refunds_owed"), money.amount - usable))
    heads = [PaymentHead(line=n, account_code=account, amount=part) for n, (account, part) in enumerate(shares, 1)]
    day = cash_day(session, bill.office, now)
    payment = Payment(
        id=ident, bill_id=bill.id, owner_sub=bill.owner_sub, office=bill.office, bank=money.bank, bank_reference=money.bank_reference,
        amount=money.amount, channel=money.channel, paid_at=now, day=day, recorded_by=money.recorded_by, verify_code=code, heads=heads,
        receipt_no=official_number(session, "SSRD", bill.office, day.year, "receipt"),
    )  # fmt: skip
    session.add(payment)
    books = (f"payment:{ident}", bill.office, day, now)
    origin = (money.channel.value, bill.kecamatan_code)
    source = tables.account_of("refunds_owed" if money.channel is Channel.CREDIT else "treasurer_cash")
    ledger.post(session, books, [(source, money.amount)], shares, origin)
    return payment


def _credit(session: Session, charge: Charge, bill: Bill, payment: Payment, usable: int, now: datetime) -> None:
    charge.received += usable
    bill.credit(usable, payment.receipt, charge.received, now)
    demands.claim(session, bill, demands.Paid(payment.id, usable), now)
