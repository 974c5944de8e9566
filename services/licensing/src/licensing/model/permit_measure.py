"""What the office did about a permit it had given: corrected, suspended, revoked; with the notice and what the holder answered."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base, states, uuid7


class MeasureKind(StrEnum):
    CORRECTION = "correction"
    SUSPENSION = "suspension"
    REVOCATION = "revocation"


class MeasureStatus(StrEnum):
    """`announced` in writing, `in_force` (a suspension), and how it ended: `carried_out`, or `lifted` by the office."""

    ANNOUNCED = "announced"
    IN_FORCE = "in_force"
    CARRIED_OUT = "carried_out"
    LIFTED = "lifted"


OPEN = (MeasureStatus.ANNOUNCED, MeasureStatus.IN_FORCE)
OPEN_ROWS = "status IN ('announced', 'in_force')"


class PermitMeasure(Base):
    """`text` is the notice as the holder reads it; they may answer until the end of `answer_until` (`None`: at once, no answer).

    A suspension holds from `starts_on` to the end of `ends_on`.
    """

    __tablename__ = "permit_measure"
    __table_args__ = (
        sa.UniqueConstraint("permit_id", "position"),
        sa.Index("uq_permit_measure_open", "permit_id", "kind", unique=True, postgresql_where=sa.text(OPEN_ROWS)),
        sa.Index("ix_permit_measure_owner_sub", "owner_sub", "id", postgresql_where=sa.text(OPEN_ROWS)),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        sa.CheckConstraint("(kind = 'suspension') = (starts_on IS NOT NULL AND ends_on IS NOT NULL)", name="period"),
        sa.CheckConstraint("ends_on >= starts_on AND starts_on > answer_until", name="order"),
        sa.CheckConstraint(f"({OPEN_ROWS}) = (ended_at IS NULL)", name="ended"),
        sa.CheckConstraint("status <> 'in_force' OR kind = 'suspension'", name="in_force"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    permit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("permit.id"), init=False)
    owner_sub: Mapped[str]
    kind: Mapped[MeasureKind] = mapped_column(states(MeasureKind, "kind"))
    reason_code: Mapped[str]
    text: Mapped[str]
    legal_basis: Mapped[str]
    ordered_by: Mapped[str]
    ordered_at: Mapped[datetime]
    status: Mapped[MeasureStatus] = mapped_column(states(MeasureStatus), default=MeasureStatus.ANNOUNCED)
    position: Mapped[int] = mapped_column(default=0)
    answer_until: Mapped[date | None] = mapped_column(default=None)
    starts_on: Mapped[date | None] = mapped_column(default=None)
    ends_on: Mapped[date | None] = mapped_column(default=None)
    answer: Mapped[str | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_by: Mapped[str | None] = mapped_column(default=None)

    def may_be_carried_out(self, today: date) -> bool:
        """Has the holder answered, or had the time to?"""
        return self.answer is not None or self.answer_until is None or today > self.answer_until

    def end(self, status: MeasureStatus, by: str | None, now: datetime) -> None:
        """It is over; `by` is `None` where its last day was over."""
        self.status, self.ended_at, self.ended_by = status, now, by
