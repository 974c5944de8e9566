"""What was paid too much: requested, assessed (SKRDLB) by one person, credited to another bill or paid out by another."""

from dataclasses import dataclass
from datetime import date, datetime
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
WAITING = sa.text("status IN ('requested', 'approved')")


@dataclass(frozen=True)
class Borne:
    """The interest that the money bears (imbalan bunga): whole rupiah, and how it was reckoned."""

    amount: int
    months: int
    percent_per_month: Decimal
    legal_basis: str


@dataclass(frozen=True)
class Assessment:
    """Its SKRDLB: number and code of the paper, and until when it is paid."""

    number: str
    verify_code: str
    pay_by: date


DECIDE_BY = sa.text("((now() AT TIME ZONE 'Asia/Jakarta')::date + interval '6 months')::date")
"""Of what the release before asks for while both run."""


class Refund(Aggregate):
    """requested → approved → paid | credited. `cause` is unique: the same fact heard twice asks once.

    `number` (SKRDLB, gapless per office and year) is given at approval, with the `interest` that money bears which an objection has set
    free (`objection_id`). `credited` of it settles the bill `credit_to` of the same payer; `payout` is paid out. Whole rupiah.
    `decide_by`: with the day after it it counts as granted (`deemed_at`) and is assessed until `assess_by`; it is paid until `pay_by`,
    later with `late_interest`. `act_by` is the one of them that runs. `not_set_off_code`: why it is paid out beside a debt that is due.
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
        sa.CheckConstraint("(deemed_at IS NULL) = (assess_by IS NULL)", name="deemed"),
        sa.CheckConstraint(
            "late_interest >= 0 AND (late_interest = 0 OR num_nulls(late_months, late_percent_per_month, late_legal_basis) = 0)",
            name="late",
        ),
        sa.CheckConstraint("(number IS NULL) = (verify_code IS NULL) AND (number IS NULL) = (approved_at IS NULL)", name="assessed"),
        sa.UniqueConstraint("number"),
        sa.Index("ix_refund_office", "office", "id"),
        sa.Index("ix_refund_owner_sub", "owner_sub", "id"),
        sa.Index("ix_refund_payment_id", "payment_id"),
        sa.Index("ix_refund_paid_at", "paid_at"),
        sa.Index("ix_refund_objection_id", "objection_id"),
        sa.Index("ix_refund_credit_to", "credit_to"),
        sa.Index("ix_refund_waiting", "act_by", "id", postgresql_where=WAITING),
    )

    payment_id: Mapped[UUID] = mapped_column(sa.ForeignKey("payment.id"))
    bill_id: Mapped[UUID]
    office: Mapped[str]
    owner_sub: Mapped[str]
    cause: Mapped[str]
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    reason_code: Mapped[str]
    requested_at: Mapped[datetime]
    decide_by: Mapped[date] = mapped_column(server_default=DECIDE_BY)
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
    not_set_off_code: Mapped[str | None] = mapped_column(default=None)
    deemed_at: Mapped[datetime | None] = mapped_column(default=None)
    assess_by: Mapped[date | None] = mapped_column(default=None)
    pay_by: Mapped[date | None] = mapped_column(default=None)
    act_by: Mapped[date] = mapped_column(sa.Computed("coalesce(pay_by, assess_by, decide_by)", persisted=True), init=False)
    late_interest: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")
    late_months: Mapped[int | None] = mapped_column(default=None)
    late_percent_per_month: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2), default=None)
    late_legal_basis: Mapped[str | None] = mapped_column(default=None)

    @property
    def owed(self) -> int:
        """What the payer is owed by its SKRDLB, with interest."""
        return self.amount + self.interest

    @property
    def payout(self) -> int:
        """What is paid out: not credited to another bill, and with what it bore for being late."""
        return self.owed - self.credited + self.late_interest

    @property
    def principal_paid_out(self) -> int:
        """What of the overpayment itself is paid out: a credit takes that before its interest, which bears none."""
        return max(self.amount - self.credited, 0)

    @property
    def is_settled(self) -> bool:
        """Is nothing of it waiting any more?"""
        return self.status in SETTLED

    @property
    def standing(self) -> str:
        """How its paper stands when somebody verifies it."""
        return "paid" if self.is_settled else "valid"

    def must_be_requested(self) -> None:
        """Raises where it was agreed to already."""
        if self.status is not RefundStatus.REQUESTED:
            raise RuleBroken("refund-not-approvable", status=self.status)

    def deem_granted(self, assess_by: date, reference: facts.Reference, now: datetime) -> None:
        """Nobody has decided in time: it counts as granted, and its SKRDLB is to be made until that day. Once; told."""
        if self.status is not RefundStatus.REQUESTED or self.deemed_at is not None:
            return
        self.deemed_at, self.assess_by = now, assess_by
        about = (self.id, self.payment_id, self.bill_id, reference, self.amount)
        self.note(facts.RefundDeemedGranted(*about, self.decide_by, assess_by, now))

    def approve(self, who: str, paper: Assessment, borne: Borne | None, now: datetime) -> None:
        """The head of treasury agrees, by its SKRDLB."""
        self.must_be_requested()
        self.status, self.approved_by, self.approved_at = RefundStatus.APPROVED, who, now
        self.number, self.verify_code, self.pay_by = paper.number, paper.verify_code, paper.pay_by
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

    def bear_late(self, borne: Borne) -> None:
        """It is paid after its last day."""
        self.late_interest, self.late_months = borne.amount, borne.months
        self.late_percent_per_month, self.late_legal_basis = borne.percent_per_month, borne.legal_basis

    def pay(self, who: str, bank_reference: str, reference: facts.Reference, now: datetime) -> None:
        """The money has left."""
        self.status, self.paid_by, self.paid_at, self.bank_reference = RefundStatus.PAID, who, now, bank_reference
        self._tell(reference, now)

    def _tell(self, reference: facts.Reference, now: datetime) -> None:
        about = (self.id, self.payment_id, self.bill_id, reference, self.amount)
        given = (self.interest, self.credited, self.late_interest)
        self.note(facts.PaymentRefunded(*about, now, self.reason_code, self.number or "", *given))


def waiting(office: str | None) -> sa.Select[Refund]:
    """What waits for its decision, its SKRDLB or its payment: of one office, or of all; to be read by `act_by`."""
    query = sa.select(Refund).where(WAITING)
    return query if office is None else query.where(Refund.office == office)
