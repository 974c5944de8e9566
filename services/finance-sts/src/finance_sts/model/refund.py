"""Money to give back (SKRDLB): requested, approved by one person, paid by another."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from finance_sts.model import facts
from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate, states


class RefundStatus(StrEnum):
    REQUESTED = "requested"
    APPROVED = "approved"
    PAID = "paid"


class Refund(Aggregate):
    """requested → approved → paid. `cause` is unique: the same fact heard twice asks once."""

    __tablename__ = "refund"
    __table_args__ = (
        sa.UniqueConstraint("cause"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("paid_by IS NULL OR paid_by <> approved_by", name="two_people"),
        sa.Index("ix_refund_office", "office", "id"),
        sa.Index("ix_refund_owner_sub", "owner_sub", "id"),
        sa.Index("ix_refund_payment_id", "payment_id"),
        sa.Index("ix_refund_paid_at", "paid_at"),
    )

    payment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("payment.id"))
    bill_id: Mapped[UUID]
    office: Mapped[str]
    owner_sub: Mapped[str]
    cause: Mapped[str]
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    reason_code: Mapped[str]
    requested_at: Mapped[datetime]
    status: Mapped[RefundStatus] = mapped_column(states(RefundStatus), default=RefundStatus.REQUESTED)
    approved_by: Mapped[str | None] = mapped_column(default=None)
    paid_by: Mapped[str | None] = mapped_column(default=None)
    paid_at: Mapped[datetime | None] = mapped_column(default=None)
    bank_reference: Mapped[str | None] = mapped_column(default=None)

    def approve(self, who: str) -> None:
        """The head of treasury agrees."""
        if self.status is not RefundStatus.REQUESTED:
            raise RuleBroken("refund-not-approvable", status=self.status)
        self.status, self.approved_by = RefundStatus.APPROVED, who

    def must_be_payable_by(self, people: frozenset[str]) -> None:
        """Raises unless it was agreed to, and by nobody of `people`: who acts, and everybody they act for."""
        if self.status is not RefundStatus.APPROVED:
            raise RuleBroken("refund-not-payable", status=self.status)
        if self.approved_by in people:
            raise RuleBroken("same-person-twice")

    def pay(self, who: str, bank_reference: str, reference: facts.Reference, now: datetime) -> None:
        """The money has left."""
        self.status, self.paid_by, self.paid_at, self.bank_reference = RefundStatus.PAID, who, now, bank_reference
        self.note(facts.PaymentRefunded(self.id, self.payment_id, self.bill_id, reference, self.amount, now, self.reason_code))
