"""The reconciliation of an office's cash day with the bank, its findings, and every step that was taken on them."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from finance_sts.model import facts
from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate, Base, states


class ReconciliationStatus(StrEnum):
    OPEN = "open"
    RECONCILED = "reconciled"


class Outcome(StrEnum):
    MATCHED = "matched"
    AMOUNT_DIFFERS = "amount_differs"
    BANK_ONLY = "bank_only"
    BOOK_ONLY = "book_only"
    DUPLICATE = "duplicate"


class BookKind(StrEnum):
    """What stands in the books. `sweep` and `cash_in` are a slip's own movements on the receiving account, where the bank shows them."""

    PAYMENT = "payment"
    DEPOSIT_SLIP = "deposit_slip"
    REFUND = "refund"
    SWEEP = "sweep"
    CASH_IN = "cash_in"


class Reconciliation(Aggregate):
    """One office's cash day against the bank. open → reconciled, for good: what comes later belongs to the next day that is open.

    `resolved` counts the findings that a person has explained.
    """

    __tablename__ = "reconciliation"
    __table_args__ = (
        sa.UniqueConstraint("day", "office"),
        sa.CheckConstraint("(status = 'reconciled') = (reconciled_at IS NOT NULL)", name="told"),
        sa.Index("ix_reconciliation_office", "office", "id"),
        sa.Index("ix_reconciliation_office_status", "office", "status", "id"),
        sa.Index("ix_reconciliation_status", "status", "id"),
    )

    office: Mapped[str]
    day: Mapped[date]
    status: Mapped[ReconciliationStatus] = mapped_column(states(ReconciliationStatus), default=ReconciliationStatus.OPEN)
    resolved: Mapped[int] = mapped_column(default=0)
    reconciled_at: Mapped[datetime | None] = mapped_column(default=None)

    def resolve(self, finding: "Finding", who: str, why: tuple[str, str], now: datetime) -> "FindingStep":
        """A person says why bank and books differ (`why`: reason code and note); raises `finding-not-open`."""
        if not finding.open:
            raise RuleBroken("finding-not-open", outcome=finding.outcome)
        finding.open = False
        self.resolved += 1
        return FindingStep(finding_id=finding.id, at=now, who=who, was=finding.outcome, reason_code=why[0], note=why[1])

    def conclude(self, matched: int, now: datetime) -> None:
        """Nothing is open any more; so many findings matched by themselves."""
        self.status, self.reconciled_at = ReconciliationStatus.RECONCILED, now
        self.note(facts.DayReconciled(self.id, self.office, self.day, matched, self.resolved, now))


class Finding(Base):
    """What comparing a bank's line with the books has shown; everything but a match is open until a person says why.

    `found_in` is the statement that showed it; `line` is of that statement, or of `line_of` where a later one brought it.
    """

    __tablename__ = "reconciliation_finding"
    __table_args__ = (
        sa.CheckConstraint("(line IS NULL) = (line_of IS NULL) AND (book_id IS NULL) = (book_kind IS NULL)", name="pairs"),
        sa.CheckConstraint("(line IS NULL) = (outcome = 'book_only') AND (book_id IS NULL) = (outcome = 'bank_only')", name="sides"),
        sa.CheckConstraint("NOT open OR outcome <> 'matched'", name="open"),
        sa.Index("uq_finding_line", "line_of", "line", unique=True),
        sa.Index("uq_finding_book", "book_id", "book_kind", unique=True, postgresql_where=sa.text("outcome <> 'duplicate'")),
        sa.Index("ix_finding_reconciliation", "reconciliation_id", "id"),
        sa.Index("ix_finding_outcome", "reconciliation_id", "outcome", "id"),
        sa.Index("ix_finding_open", "reconciliation_id", "id", postgresql_where=sa.text("open")),
        sa.Index("ix_finding_found_in", "found_in", postgresql_where=sa.text("open")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True, init=False)
    reconciliation_id: Mapped[UUID] = mapped_column(sa.ForeignKey("reconciliation.id"))
    outcome: Mapped[Outcome] = mapped_column(states(Outcome, "outcome"))
    open: Mapped[bool]
    found_in: Mapped[UUID] = mapped_column(sa.ForeignKey("bank_statement.id"))
    line_of: Mapped[UUID | None] = mapped_column(default=None)
    line: Mapped[int | None] = mapped_column(default=None)
    bank_amount: Mapped[int | None] = mapped_column(sa.BigInteger, default=None)
    book_kind: Mapped[BookKind | None] = mapped_column(states(BookKind, "book_kind"), default=None)
    book_id: Mapped[UUID | None] = mapped_column(default=None)
    book_amount: Mapped[int | None] = mapped_column(sa.BigInteger, default=None)


class FindingStep(Base):
    """A step on a finding: resolved by a person, or matched by a later statement. Append-only."""

    __tablename__ = "reconciliation_finding_step"
    __table_args__ = (sa.Index("ix_finding_step_finding_id", "finding_id", "id"),)

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True, init=False)
    finding_id: Mapped[int] = mapped_column(sa.ForeignKey("reconciliation_finding.id"))
    at: Mapped[datetime]
    who: Mapped[str]
    was: Mapped[str]
    reason_code: Mapped[str]
    note: Mapped[str]
