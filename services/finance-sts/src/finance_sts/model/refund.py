"""What was paid too much: requested, assessed (SKRDLB) by one person, credited to another bill or paid out by another."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
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
    CREDITED = "credited"


SETTLED = (RefundStatus.PAID, RefundStatus.CREDITED)


@dataclass(frozen=True)
class Borne:
    """The interest that the money bears (imbalan bunga): whole rupiah, and how it was reckoned."""

    amount: int
    months: int
    percent_per_month: Decimal
    legal_basis: str


class Refund(Aggregate):
    """requested → approved → paid | credited. `cause` is unique: the same fact heard twice asks once.

    `number` (SKRDLB, gapless per office and year) is given at approval, with the `interest` that money bears which an objection has set
    free (`objection_id`). `credited` of it settles the bill `credit_to` of the same payer; `payout` is paid out. Whole rupiah.
    """

    __tablename__ = "refund"
    __table_args__ = (
        sa.UniqueConstraint("cause"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("paid_by IS NULL OR paid_by <> approved_by", name="two_people"),
        sa.CheckConstraint(
            "interest >= 0 AND credited BETWEEN 0 AND amount + interest AND (credited = 0 OR credit_to IS NOT NULL)", name="parts"
        ),
        sa.CheckConstraint("interest = 0 OR num_nulls(interest_months, percent_per_month, legal_basis) = 0", name="borne"),
        sa.CheckConstraint("(number IS NULL) = (verify_code IS NULL) AND (number IS NULL) = (approved_at IS NULL)", name="assessed"),
        sa.UniqueConstraint("number"),
        sa.Index("ix_refund_office", "office", "id"),
        sa.Index("ix_refund_owner_sub", "owner_sub", "id"),
        sa.Index("ix_refund_payment_id", "payment_id"),
        sa.Index("ix_refund_paid_at", "paid_at"),
        sa.Index("ix_refund_objection_id", "objection_id"),
        sa.Index("ix_refund_credit_to", "credit_to"),
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
    number: Mapped[str | None] = mapped_column(default=None)
    verify_code: Mapped[str | None] = mapped_column(default=None)
    approved_at: Mapped[datetime | None] = mapped_column(default=None)
    objection_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("objection.id"), default=None)
    interest: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    interest_months: Mapped[int | None] = mapped_column(default=None)
    percent_per_month: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2), default=None)
    legal_basis: Mapped[str | None] = mapped_column(default=None)
    credit_to: Mapped[UUID | None] = mapped_column(sa.ForeignKey("bill.id"), default=None)
    credited: Mapped[int] = mapped_column(sa.BigInteger, default=0)

    @property
    def owed(self) -> int:
        """What the payer is owed, with interest."""
        return self.amount + self.interest

    @property
    def payout(self) -> int:
        """What is paid out: not credited to another bill."""
        return self.owed - self.credited

    @property
    def standing(self) -> str:
        """How its paper stands when somebody verifies it."""
        return "paid" if self.status in SETTLED else "valid"

    def must_be_requested(self) -> None:
        """Raises where it was agreed to already."""
        if self.status is not RefundStatus.REQUESTED:
            raise RuleBroken("refund-not-approvable", status=self.status)

    def approve(self, who: str, paper: tuple[str, str], borne: Borne | None, now: datetime) -> None:
        """The head of treasury agrees, by the SKRDLB of that number and code."""
        self.must_be_requested()
        self.status, self.approved_by, self.approved_at = RefundStatus.APPROVED, who, now
        self.number, self.verify_code = paper
        if borne is not None:
            self.interest, self.interest_months = borne.amount, borne.months
            self.percent_per_month, self.legal_basis = borne.percent_per_month, borne.legal_basis

    def credit(self, amount: int, reference: facts.Reference, now: datetime) -> None:
        """`amount` of it settles what the payer owes on another bill; all of it: nothing is left to pay out, told."""
        self.credited = amount
        if not self.payout:
            self.status = RefundStatus.CREDITED
            self._tell(reference, now)

    def must_be_payable_by(self, people: frozenset[str]) -> None:
        """Raises unless it was agreed to, and by nobody of `people`: who acts, and everybody they act for."""
        if self.status is not RefundStatus.APPROVED:
            raise RuleBroken("refund-not-payable", status=self.status)
        if self.approved_by in people:
            raise RuleBroken("same-person-twice")

    def pay(self, who: str, bank_reference: str, reference: facts.Reference, now: datetime) -> None:
        """The money has left."""
        self.status, self.paid_by, self.paid_at, self.bank_reference = RefundStatus.PAID, who, now, bank_reference
        self._tell(reference, now)

    def _tell(self, reference: facts.Reference, now: datetime) -> None:
        about = (self.id, self.payment_id, self.bill_id, reference, self.amount)
        self.note(facts.PaymentRefunded(*about, now, self.reason_code, self.number or "", self.interest, self.credited))
