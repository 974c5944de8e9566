"""The notice that the works have begun: asked for, and what lapses without it (PP 16/2021 Pasal 263(3)-(7))."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.calendar import day_of
from smartcity.errors import RuleBroken
from smartcity.storage import Base


class WorksWatch(Base):
    """One permit whose holder must say when the works begin. `asked`: how often the office has asked; without the notice the permit lapses."""

    __tablename__ = "works_watch"
    __table_args__ = (
        sa.CheckConstraint("asked >= 0 AND (asked = 0) = (asked_at IS NULL)", name="asked"),
        sa.CheckConstraint("(starts_on IS NULL) = (noticed_at IS NULL)", name="noticed"),
    )

    permit_id: Mapped[UUID] = mapped_column(sa.ForeignKey("permit.id"), primary_key=True)
    lapses_on: Mapped[date]
    legal_basis: Mapped[str]
    asked: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime | None] = mapped_column(default=None)
    starts_on: Mapped[date | None] = mapped_column(default=None)
    noticed_at: Mapped[datetime | None] = mapped_column(default=None)

    def ask(self, now: datetime) -> None:
        """The office asks once more."""
        self.asked, self.asked_at = self.asked + 1, now

    def notice(self, starts_on: date, now: datetime) -> None:
        """The holder says when the works begin, or began; a later word takes the place of the earlier one until they have begun."""
        if self.starts_on is not None and self.starts_on <= day_of(now):
            raise RuleBroken("works-begun-already", starts_on=self.starts_on)
        self.starts_on, self.noticed_at = starts_on, now
