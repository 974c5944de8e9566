"""Money that could not be used goes back: asked for once, approved and paid by two people, seen in the ledger."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model import ledger
from finance_sts.model.bill import Bill
from finance_sts.model.charge import Charge, lock_charge
from finance_sts.model.facts import Reference
from finance_sts.model.payment import Payment, PaymentStatus, of_charge
from finance_sts.model.refund import Refund, RefundStatus
from finance_sts.use_cases import tables
from finance_sts.use_cases.cash_days import cash_day
from smartcity import duties
from smartcity.errors import NotYet
from smartcity.http import Actor
from smartcity.storage import get

APPROVE = "approve"


def payment_not_usable(session: Session, reference: Reference, bill_id: UUID, amount: int, why: tuple[str, datetime]) -> None:
    """The charging service cannot use what was paid on a bill: it is due for refund, once however often it is told.

    `why`: reason code and moment. Raises `NotYet` while the bill is not known.
    """
    charge = lock_charge(session, reference)
    if session.get(Bill, bill_id) is None:
        raise NotYet(f"bill {bill_id} is not in the register")
    cause = f"not-usable:{bill_id}"
    if session.scalar(sa.select(Refund.id).where(Refund.cause.startswith(cause, autoescape=True)).limit(1)) is None:
        ask_back(session, charge, min(amount, charge.received), (cause, why[0]), why[1], first=bill_id)


def ask_back(
    session: Session, charge: Charge, amount: int, why: tuple[str, str], now: datetime, *, first: UUID | None = None
) -> None:  # fmt: skip
    """Usable money of the charge is owed back: newest payments first, those on bill `first` before the others.

    `why`: cause (unique with the payment) and reason code.
    """
    usable = of_charge(charge).where(Payment.status == PaymentStatus.USABLE).with_for_update(of=Payment)
    found = session.scalars(usable.execution_options(populate_existing=True)).all()
    charge.received -= amount
    for payment in sorted(found, key=lambda one: one.bill_id != first):
        part = min(amount, payment.refundable)
        amount -= part
        if part:
            books = (f"{why[0]}:{payment.id}", payment.office, cash_day(session, payment.office, now), now)
            origin = (payment.channel.value, get(session, Bill, payment.bill_id).kecamatan_code)
            ledger.post(session, books, payment.ask_back(part), [(tables.account_of("refunds_owed"), part)], origin)
            session.add(_asked(payment, part, (books[0], why[1]), now))


def keep_for_refund(session: Session, payment: Payment, amount: int, reason_code: str, now: datetime) -> None:
    """`amount` of the payment cannot be used: kept, flagged, owed back; it never was revenue."""
    payment.ask_back(amount)
    session.add(_asked(payment, amount, (f"{reason_code}:{payment.id}", reason_code), now))


def _asked(payment: Payment, amount: int, why: tuple[str, str], now: datetime) -> Refund:
    return Refund(
        payment_id=payment.id, bill_id=payment.bill_id, office=payment.office, owner_sub=payment.owner_sub, cause=why[0], amount=amount,
        reason_code=why[1], requested_at=now,
    )  # fmt: skip


def approve(session: Session, refund: Refund, actor: Actor, now: datetime) -> Refund:
    """The head of treasury agrees."""
    refund.approve(actor.sub)
    duties.done(session, actor, refund.id, APPROVE, now)
    return refund


def pay(session: Session, refund: Refund, actor: Actor, bank_reference: str, now: datetime) -> Refund:
    """The treasurer has given it back from the city's account; not who agreed, nor a deputy on either side."""
    refund.must_be_payable_by(actor.acts_as)
    duties.must_be_another(session, actor, refund.id, APPROVE, code="same-person-twice")
    refund.pay(actor.sub, bank_reference, get(session, Bill, refund.bill_id).reference, now)
    books = (f"refund:{refund.id}", refund.office, cash_day(session, refund.office, now), now)
    owed, cash = tables.account_of("refunds_owed"), tables.account_of("treasury_cash")
    ledger.post(session, books, [(owed, refund.amount)], [(cash, refund.amount)])
    _mark_refunded(session, refund)
    return refund


def _mark_refunded(session: Session, refund: Refund) -> None:
    payment = get(session, Payment, refund.payment_id, lock=True)
    others = sa.select(Refund.id).where(Refund.payment_id == payment.id, Refund.id != refund.id, Refund.status != RefundStatus.PAID)
    if payment.status is PaymentStatus.REFUND_DUE and session.scalar(others.limit(1)) is None:
        payment.status = PaymentStatus.REFUNDED
