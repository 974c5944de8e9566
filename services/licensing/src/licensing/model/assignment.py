"""Who of the office works, and whose turn it is at each step of an application."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from licensing.model.application_status import Status
from licensing.model.permit_application import PermitApplication
from smartcity.storage import Base, states

SEEN_ANEW = timedelta(hours=1)
ROLES = {Status.SUBMITTED: "officer", Status.COMPLETE: "examiner", Status.IN_EXAMINATION: "approver", Status.APPROVED: "officer"}


class Officer(Base):
    """Somebody of an office, learned from their work; no name is kept. Absent ones are given nothing."""

    __tablename__ = "officer"

    office: Mapped[str] = mapped_column(primary_key=True)
    sub: Mapped[str] = mapped_column(primary_key=True)
    roles: Mapped[list[str]] = mapped_column(JSONB)
    last_seen_at: Mapped[datetime]
    present: Mapped[bool] = mapped_column(default=True)
    last_given_at: Mapped[datetime | None] = mapped_column(default=None)

    def seen(self, roles: list[str], now: datetime) -> None:
        """They asked for work; written only where it says something new."""
        if self.roles != roles or now - self.last_seen_at > SEEN_ANEW:
            self.roles, self.last_seen_at = roles, now


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
