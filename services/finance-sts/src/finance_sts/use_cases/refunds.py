"""Money that could not be used is owed back: asked for once, seen in the ledger. What becomes of it: `overpayments`."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model import ledger
from finance_sts.model.bill import Bill
from finance_sts.model.charge import Charge
from finance_sts.model.payment import Payment, PaymentStatus, of_charge
from finance_sts.model.refund import Refund
from finance_sts.use_cases import refund_terms, tables
from finance_sts.use_cases.cash_days import cash_day
from smartcity.calendar import day_of
from smartcity.storage import get


def was_asked_back(session: Session, cause: str) -> bool:
    """Has anything been asked back for `cause`?"""
    return session.scalar(sa.select(Refund.id).where(Refund.cause.startswith(cause, autoescape=True)).limit(1)) is not None


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
            _asked(session, payment, part, (books[0], why[1]), now)


def keep_for_refund(session: Session, payment: Payment, amount: int, reason_code: str, now: datetime) -> None:
    """`amount` of the payment cannot be used: kept, flagged, owed back; it never was revenue."""
    payment.ask_back(amount)
    _asked(session, payment, amount, (f"{reason_code}:{payment.id}", reason_code), now)


def _asked(session: Session, payment: Payment, amount: int, why: tuple[str, str], now: datetime) -> None:
    today = day_of(now)
    refund = Refund(
        payment_id=payment.id, bill_id=payment.bill_id, office=payment.office, owner_sub=payment.owner_sub, cause=why[0], amount=amount,
        reason_code=why[1], requested_at=now, decide_by=tables.refund_rule(today).decide_by(today),
    )  # fmt: skip
    session.add(refund)
    refund_terms.appoint(session, refund)


def bear_interest(session: Session, charge: Charge, cause: str, objection_id: UUID) -> None:
    """What was asked back of the charge for `cause` follows from an objection: it bears interest until it is assessed."""
    session.flush()
    of_it = Payment.id.in_(of_charge(charge).with_only_columns(Payment.id).order_by(None))
    mine = sa.select(Refund).join(Payment, Payment.id == Refund.payment_id).where(of_it)
    for refund in session.scalars(mine.where(Refund.cause.startswith(f"{cause}:", autoescape=True))):
        refund.objection_id = objection_id
