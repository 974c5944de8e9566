"""A first look by a machine at what was filed: what it doubts waits for a person."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base, uuid7

WAITING = "looked_at IS NULL"


class FirstLook(Base):
    """At the words of a complaint, or at one of its photos. `reasons`: what is doubted, empty for nothing; `settled_at`: a person has decided."""

    __tablename__ = "first_look"
    __table_args__ = (
        sa.Index("ix_first_look_complaint_id", "complaint_id", "id"),
        sa.Index("ix_first_look_photo_id", "photo_id"),
        sa.Index("ix_first_look_queued_at", "queued_at", postgresql_where=sa.text(WAITING)),
        sa.CheckConstraint("settled_at IS NULL OR looked_at IS NOT NULL", name="settled"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7, init=False)
    complaint_id: Mapped[UUID] = mapped_column(sa.ForeignKey("complaint.id"), init=False)
    photo_id: Mapped[UUID | None] = mapped_column(sa.ForeignKey("complaint_photo.id"))
    queued_at: Mapped[datetime]
    looked_at: Mapped[datetime | None] = mapped_column(default=None)
    reasons: Mapped[list[str]] = mapped_column(JSONB, default_factory=list)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def doubts(self) -> bool:
        """Something is doubted, and nobody has decided yet."""
        return bool(self.reasons) and self.settled_at is None

    def note(self, reasons: Iterable[str], now: datetime) -> None:
        """It has looked, once; after a person has, no more."""
        if self.looked_at is None:
            self.looked_at, self.reasons = now, sorted(reasons)

    def settle(self, now: datetime) -> None:
        """A person has looked: whatever the machine said, or had not said yet, is done with."""
        self.looked_at, self.settled_at = self.looked_at or now, self.settled_at or now
