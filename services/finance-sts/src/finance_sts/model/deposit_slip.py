"""The deposit slip (STS), and the closed cash day."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from finance_sts.model import facts
from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate, Base, states


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

    def deposit(self, number: str, bank_reference: str, now: datetime, *, late: bool) -> None:
        """The treasurer has handed the money to the bank."""
        self.must_be_draft()
        self.number = number
        self.status, self.deposited_at, self.deposit_reference, self.late = SlipStatus.DEPOSITED, now, bank_reference, late
        self.note(facts.DepositSlipDeposited(self.id, number, self.office, self.day, self.total, now, late))

    def validate(self, who: str, credit_note: str, amount: int, now: datetime) -> None:
        """The bank's credit note says what arrived; a deposit is valid only then (PP 12/2019 Pasal 138(2))."""
        if self.status not in (SlipStatus.DEPOSITED, SlipStatus.DIFFERING):
            raise RuleBroken("slip-not-validatable", status=self.status)
        if who == self.treasurer_sub:
            raise RuleBroken("same-person-twice")
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


def lock_day(session: Session, office: str, day: date, *, to_close: bool = False) -> None:
    """Whoever books on a day shares it; who closes it waits for all of them and lets nobody in until the commit."""
    lock = sa.text(f"SELECT pg_advisory_xact_lock{'' if to_close else '_shared'}(hashtextextended(:key, 0))")
    session.execute(lock, {"key": f"cash day {office} {day}"})


class ClosedDay(Base):
    """A cash day of an office that a second person has closed; it refuses changes from then on."""

    __tablename__ = "closed_day"

    office: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    closed_by: Mapped[str]
    closed_at: Mapped[datetime]
    received: Mapped[int] = mapped_column(sa.BigInteger)
    deposited: Mapped[int] = mapped_column(sa.BigInteger)
