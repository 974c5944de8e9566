"""Who of the office works, and whose turn it is at each step of an application."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from licensing.model.application_status import Status
from licensing.model.permit_application import PermitApplication
from smartcity.calendar import day_of
from smartcity.storage import Base, states

SEEN_ANEW = timedelta(hours=1)
ROLES = {Status.SUBMITTED: "officer", Status.COMPLETE: "examiner", Status.IN_EXAMINATION: "approver", Status.APPROVED: "officer"}


class Officer(Base):
    """Somebody of an office, learned from their work; no name is kept. Absent ones are given nothing."""

    __tablename__ = "officer"

    office: Mapped[str] = mapped_column(primary_key=True)
    sub: Mapped[str] = mapped_column(primary_key=True)
    last_seen_at: Mapped[datetime]
    roles: Mapped[list[str]] = mapped_column(JSONB, default_factory=list)
    present: Mapped[bool] = mapped_column(default=True)
    last_given_at: Mapped[datetime | None] = mapped_column(default=None)
    lent_roles: Mapped[list[str]] = mapped_column(JSONB, default_factory=list, server_default="[]")
    lent_on: Mapped[date | None] = mapped_column(default=None)
    """The day, in Medan, on which a deputy's token lent them `lent_roles`: it is a day's, and so are they."""

    def seen(self, roles: frozenset[str], deputy: bool, now: datetime) -> frozenset[str]:
        """They asked for work with a token of these roles: a deputy's beyond their own are lent. Answers the roles they no longer have."""
        before, own = {*self.roles, *self.lent_roles}, sorted(roles & set(self.roles) if deputy else roles)
        lent = sorted(roles - set(own))
        told = (own, lent, day_of(now) if lent else None)
        if told != (self.roles, self.lent_roles, self.lent_on) or now - self.last_seen_at > SEEN_ANEW:
            self.roles, self.lent_roles, self.lent_on = told
            self.last_seen_at = now
        return frozenset(before - roles)

    def return_lent(self) -> frozenset[str]:
        """The day is over; answers the roles they no longer have."""
        lent, self.lent_roles, self.lent_on = frozenset(self.lent_roles), [], None
        return lent

    def has(self, role: str, today: date) -> bool:
        """By themselves, or lent today?"""
        return role in self.roles or (role in self.lent_roles and self.lent_on == today)


class Assignment(Base):
    """One step of one application and whose it is; once it has ended: who did it. `assigned_by`: `load`, or `acted` where another took it."""

    __tablename__ = "assignment"
    __table_args__ = (
        sa.Index("ix_assignment_open", "application_id", unique=True, postgresql_where=sa.text("ended_at IS NULL")),
        sa.Index("ix_assignment_application_id", "application_id"),
        sa.Index("ix_assignment_mine", "office", "officer_sub", "since", "id", postgresql_where=sa.text("ended_at IS NULL")),
    )

    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("permit_application.id"))
    office: Mapped[str]
    step: Mapped[Status] = mapped_column(states(Status))
    role: Mapped[str]
    since: Mapped[datetime]
    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid4)
    officer_sub: Mapped[str | None] = mapped_column(default=None)
    assigned_at: Mapped[datetime | None] = mapped_column(default=None)
    assigned_by: Mapped[str | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    application: Mapped[PermitApplication] = relationship(init=False, viewonly=True)

    def give(self, officer: str | None, now: datetime) -> None:
        """To whom the load says; to nobody yet where nobody can take it."""
        self.officer_sub, self.assigned_at, self.assigned_by = (officer, now, "load") if officer else (None, None, None)

    def end(self, actor: str | None, now: datetime) -> None:
        """The step was left; whoever acted has it, also where it was another's."""
        if actor is not None and actor != self.officer_sub:
            self.officer_sub, self.assigned_at, self.assigned_by = actor, now, "acted"
        self.ended_at = now
