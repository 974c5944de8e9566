"""A correction of the books: a new entry, proposed by one person and approved by another. The entry that was wrong stays."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate, Base, states


class CorrectionStatus(StrEnum):
    PROPOSED = "proposed"
    POSTED = "posted"
    REJECTED = "rejected"


class CorrectionLine(Base):
    """One side of the entry that is to be posted, whole rupiah."""

    __tablename__ = "correction_line"
    __table_args__ = (sa.CheckConstraint("debit >= 0 AND credit >= 0 AND (debit = 0) <> (credit = 0)", name="one_side"),)

    correction_id: Mapped[UUID] = mapped_column(sa.ForeignKey("correction.id"), primary_key=True, init=False)
    line: Mapped[int] = mapped_column(primary_key=True)
    account_code: Mapped[str]
    debit: Mapped[int] = mapped_column(sa.BigInteger)
    credit: Mapped[int] = mapped_column(sa.BigInteger)


class Correction(Aggregate):
    """proposed → posted | rejected. `corrects` is the entry that was wrong, `entry_id` the one that puts it right."""

    __tablename__ = "correction"
    __table_args__ = (
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> proposed_by", name="two_people"),
        sa.CheckConstraint("(status = 'posted') = (entry_id IS NOT NULL) AND (status = 'proposed') = (decided_by IS NULL)", name="decided"),
        sa.Index("ix_correction_office", "office", "id"),
        sa.Index("ix_correction_corrects", "corrects"),
        sa.Index("ix_correction_entry_id", "entry_id"),
    )

    office: Mapped[str]
    corrects: Mapped[UUID] = mapped_column(sa.ForeignKey("ledger_entry.id"))
    reason_code: Mapped[str]
    proposed_by: Mapped[str]
    proposed_at: Mapped[datetime]
    lines: Mapped[list[CorrectionLine]] = relationship(lazy="selectin", order_by=CorrectionLine.line)
    status: Mapped[CorrectionStatus] = mapped_column(states(CorrectionStatus), default=CorrectionStatus.PROPOSED)
    decided_by: Mapped[str | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    entry_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("ledger_entry.id"), default=None)

    def must_be_proposed(self) -> None:
        """Raises where it was decided already."""
        if self.status is not CorrectionStatus.PROPOSED:
            raise RuleBroken("correction-decided", status=self.status)

    def decide(self, who: str, entry_id: UUID | None, now: datetime) -> None:
        """Posted as `entry_id`, or rejected where there is none."""
        self.status = CorrectionStatus.POSTED if entry_id else CorrectionStatus.REJECTED
        self.decided_by, self.decided_at, self.entry_id = who, now, entry_id
