"""Money received, and its receipt (SSRD)."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from finance_sts.model import facts
from finance_sts.model.bill import Bill
from finance_sts.model.charge import Charge
from finance_sts.rules.apportion import apportion
from smartcity.storage import Aggregate, Base, states


class Channel(StrEnum):
    VIRTUAL_ACCOUNT = "virtual_account"
    QRIS = "qris"
    COUNTER_CASH = "counter_cash"
    COUNTER_CARD = "counter_card"
    COUNTER_TRANSFER = "counter_transfer"
    CREDIT = "credit"


MOVES_MONEY = sa.text("payment.channel <> 'credit'")
"""A credit settles a bill with what was paid too much on another: nothing comes into anybody's hand, nothing is deposited."""


class PaymentStatus(StrEnum):
    USABLE = "usable"
    REFUND_DUE = "refund_due"
    REFUNDED = "refunded"


class PaymentHead(Base):
    """On which account how much of a payment fell, whole rupiah; together the payment."""

    __tablename__ = "payment_head"
    __table_args__ = (sa.CheckConstraint("amount > 0", name="amount"),)

    payment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("payment.id"), primary_key=True, init=False)
    line: Mapped[int] = mapped_column(primary_key=True)
    account_code: Mapped[str]
    amount: Mapped[int] = mapped_column(sa.BigInteger)


class Payment(Aggregate):
    """One credit: a bank's reference counts once for ever. usable → refund_due → refunded.

    `day` is the cash day it belongs to (Asia/Jakarta); `receipt_no` is gapless per office and year.
    """

    __tablename__ = "payment"
    __table_args__ = (
        sa.UniqueConstraint("bank", "bank_reference"),
        sa.UniqueConstraint("receipt_no"),
        sa.UniqueConstraint("evidence_id"),
        sa.CheckConstraint("amount > 0 AND refund_total >= 0 AND refund_total <= amount", name="amounts"),
        sa.Index("ix_payment_bill_id", "bill_id"),
        sa.Index("ix_payment_office", "office", "id"),
        sa.Index("ix_payment_owner_sub", "owner_sub", "id"),
        sa.Index("ix_payment_day", "day", "office"),
        sa.Index("ix_payment_slip_id", "slip_id"),
    )

    bill_id: Mapped[UUID] = mapped_column(sa.ForeignKey("bill.id"))
    owner_sub: Mapped[str]
    office: Mapped[str]
    bank: Mapped[str]
    bank_reference: Mapped[str]
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    channel: Mapped[Channel] = mapped_column(states(Channel, "channel"))
    paid_at: Mapped[datetime]
    day: Mapped[date]
    recorded_by: Mapped[str]
    receipt_no: Mapped[str]
    verify_code: Mapped[str]
    heads: Mapped[list[PaymentHead]] = relationship(lazy="selectin", order_by=PaymentHead.line, default_factory=list)
    refund_total: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    status: Mapped[PaymentStatus] = mapped_column(states(PaymentStatus), default=PaymentStatus.USABLE)
    slip_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("deposit_slip.id"), default=None)
    evidence_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("payment_evidence.id"), default=None)

    @property
    def receipt(self) -> facts.Receipt:
        return facts.Receipt(self.paid_at, self.receipt_no, self.channel.value)

    def tell_receipt(self, reference: facts.Reference, *, usable: bool) -> None:
        """Say that it came, for what, and whether it could be credited."""
        about = (self.id, self.bill_id, reference, self.receipt_no, self.office, self.amount, self.channel.value)
        self.note(facts.PaymentReceived(*about, self.day, self.paid_at, usable))

    def prove(self, evidence_id: UUID | None) -> None:
        """It is backed by that evidence; the first stays, also when the bank has told the transfer before."""
        self.evidence_id = self.evidence_id or evidence_id

    @property
    def refundable(self) -> int:
        """What of it can still be asked back."""
        return self.amount - self.refund_total

    def ask_back(self, amount: int) -> list[tuple[str, int]]:
        """`amount` of it is owed back to the payer, from the last head to the first: (account code, whole rupiah)."""
        amounts = [head.amount for head in reversed(self.heads)]
        before, after = apportion(self.refund_total, amounts), apportion(self.refund_total + amount, amounts)
        self.refund_total += amount
        if not self.refundable:
            self.status = PaymentStatus.REFUND_DUE
        codes = [head.account_code for head in reversed(self.heads)]
        return [(code, b - a) for code, a, b in zip(codes, before, after, strict=True) if b > a]

    @property
    def standing(self) -> str:
        """How the receipt stands when somebody verifies it."""
        return "cancelled" if self.status is PaymentStatus.REFUNDED else "valid"


def of_charge(charge: Charge) -> sa.Select[Payment]:
    """The payments that came in for one thing, over all its bills, newest first."""
    found = sa.select(Payment).join(Bill, Bill.id == Payment.bill_id)
    mine = (Bill.ref_service == charge.service, Bill.ref_kind == charge.kind, Bill.ref_id == charge.reference_id)
    return found.where(*mine).order_by(Payment.id.desc())


def paid_on(bill_id: UUID) -> sa.Select[Payment]:
    """The payments that came in on a bill."""
    return sa.select(Payment).where(Payment.bill_id == bill_id)


def newest_of(session: Session, charge: Charge) -> Payment:
    """The newest payment of the charge."""
    return session.scalars(of_charge(charge).limit(1)).one()
