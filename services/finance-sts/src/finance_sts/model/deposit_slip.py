"""The deposit slip (STS)."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from finance_sts.model import facts
from smartcity.calendar import day_of
from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate, states


class SlipStatus(StrEnum):
    DRAFT = "draft"
    DEPOSITED = "deposited"
    VALIDATED = "validated"
    RECONCILED = "reconciled"
    DIFFERING = "differing"


class DepositSlip(Aggregate):
    """The receipts of one treasurer's day on their way to the city's account. draft → deposited → validated | differing; validated → reconciled.

    Its number is given when it is deposited, gapless per office and year: a draft has none.
    """

    __tablename__ = "deposit_slip"
    __table_args__ = (
        sa.UniqueConstraint("number"),
        sa.CheckConstraint("total > 0", name="total"),
        sa.CheckConstraint("validated_by IS NULL OR validated_by <> treasurer_sub", name="two_people"),
        sa.CheckConstraint("number IS NOT NULL OR status = 'draft'", name="numbered"),
        sa.Index("uq_deposit_slip_credit_note", "credit_note", unique=True),
        sa.Index("ix_deposit_slip_office", "office", "id"),
        sa.Index("ix_deposit_slip_day", "day", "office"),
        sa.Index("ix_deposit_slip_deposited_at", "deposited_at"),
        sa.Index("ix_deposit_slip_draft", "office", postgresql_where=sa.text("status = 'draft'")),
    )

    office: Mapped[str]
    day: Mapped[date]
    total: Mapped[int] = mapped_column(sa.BigInteger)
    treasurer_sub: Mapped[str]
    made_at: Mapped[datetime]
    number: Mapped[str | None] = mapped_column(default=None)
    verify_code: Mapped[str | None] = mapped_column(default=None)
    status: Mapped[SlipStatus] = mapped_column(states(SlipStatus), default=SlipStatus.DRAFT)
    deposited_at: Mapped[datetime | None] = mapped_column(default=None)
    deposit_reference: Mapped[str | None] = mapped_column(default=None)
    late: Mapped[bool] = mapped_column(default=False)
    validated_at: Mapped[datetime | None] = mapped_column(default=None)
    validated_by: Mapped[str | None] = mapped_column(default=None)
    credit_note: Mapped[str | None] = mapped_column(default=None)
    credited_total: Mapped[int | None] = mapped_column(sa.BigInteger, default=None)

    def tell_issue(self) -> None:
        """Say that the day's receipts are gathered."""
        self.note(facts.DepositSlipIssued(self.id, self.office, self.day, self.total, self.made_at))

    def must_be_draft(self) -> None:
        """Raises where it was deposited already."""
        if self.status is not SlipStatus.DRAFT:
            raise RuleBroken("slip-not-depositable", status=self.status)

    def deposit(self, number: str, bank_reference: str, deposit_by: date, now: datetime) -> None:
        """The treasurer has handed the money to the bank; after `deposit_by` it is flagged."""
        self.must_be_draft()
        self.number, late = number, day_of(now) > deposit_by
        self.status, self.deposited_at, self.deposit_reference, self.late = SlipStatus.DEPOSITED, now, bank_reference, late
        self.note(facts.DepositSlipDeposited(self.id, number, self.office, self.day, self.total, now, late, deposit_by))

    def must_be_validatable(self) -> None:
        """Raises where no credit note is waited for."""
        if self.status not in (SlipStatus.DEPOSITED, SlipStatus.DIFFERING):
            raise RuleBroken("slip-not-validatable", status=self.status)

    def validate(self, who: str, credit_note: str, amount: int, now: datetime) -> None:
        """The bank's credit note says what arrived; a deposit is valid only then (PP 12/2019 Pasal 138(2))."""
        self.must_be_validatable()
        self.validated_by, self.credit_note, self.credited_total = who, credit_note, amount
        if amount != self.total:
            self.status = SlipStatus.DIFFERING
            self.note(facts.DepositSlipDiffering(self.id, self.number or "", self.office, self.day, self.total, amount, now))
            return
        self.status, self.validated_at = SlipStatus.VALIDATED, now
        self.note(facts.DepositSlipValidated(self.id, self.number or "", self.office, self.day, self.total, now))

    def reconcile(self) -> None:
        """The bank's statement shows it, and its day is reconciled; one that differs stays so, explained."""
        if self.status is SlipStatus.VALIDATED:
            self.status = SlipStatus.RECONCILED
