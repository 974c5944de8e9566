"""Somebody wants to hear of a complaint."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage import Base


class Follower(Base):
    """One person follows one complaint; the reporter of a duplicate follows its original. Once it is answered they are asked: repaired or not?"""

    __tablename__ = "complaint_follower"
    __table_args__ = (sa.Index("ix_complaint_follower_complaint_id", "complaint_id"),)

    sub: Mapped[str] = mapped_column(primary_key=True)
    complaint_id: Mapped[UUID] = mapped_column(sa.ForeignKey("complaint.id"), primary_key=True)
    at: Mapped[datetime]
    repaired: Mapped[bool | None] = mapped_column(default=None)
    spoke_at: Mapped[datetime | None] = mapped_column(default=None)

    def word_since(self, answered_at: datetime | None) -> bool | None:
        """What they have said of the answer given then; a later answer asks anew."""
        spoken = self.spoke_at is not None and answered_at is not None and self.spoke_at >= answered_at
        return self.repaired if spoken else None
