"""A deputyship: who acts for an officer, and on which days."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.errors import RuleBroken
from smartcity.storage import Aggregate


class Deputyship(Aggregate):
    """For `account_id` acts `deputy_id`, from the first day to the last, unless it is ended before. Nothing of it is ever taken away."""

    __tablename__ = "deputyship"
    __table_args__ = (
        sa.CheckConstraint("from_on <= until_on", name="in_order"),
        sa.CheckConstraint("account_id <> deputy_id", name="another"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        sa.Index("ix_deputyship_account_id", "account_id", "from_on", "id"),
        sa.Index("ix_deputyship_deputy_id", "deputy_id", "until_on"),
    )

    account_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    deputy_id: Mapped[UUID] = mapped_column(sa.ForeignKey("account.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    named_by: Mapped[str]
    named_at: Mapped[datetime]
    ended_by: Mapped[str | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    def end(self, by: str, today: date, now: datetime) -> None:
        """It holds no longer; the deputy's next token says so. Raises where it is over."""
        if self.ended_at is not None or self.until_on < today:
            raise RuleBroken("deputyship-over")
        self.ended_by, self.ended_at = by, now


def of_account(account_id: UUID) -> sa.Select[Deputyship]:
    """Every deputyship for the account."""
    return sa.select(Deputyship).where(Deputyship.account_id == account_id)


def overlapping(account_id: UUID, from_on: date, until_on: date) -> sa.Select[Deputyship]:
    """Those for the account that hold on one of the days."""
    days = (Deputyship.from_on <= until_on, Deputyship.until_on >= from_on, Deputyship.ended_at.is_(None))
    return of_account(account_id).where(*days)


def held_by(deputy_id: UUID, today: date) -> sa.Select[UUID]:
    """The accounts for which this one acts today."""
    days = (Deputyship.from_on <= today, Deputyship.until_on >= today, Deputyship.ended_at.is_(None))
    return sa.select(Deputyship.account_id).where(Deputyship.deputy_id == deputy_id, *days)
