"""What happened to an application, in order. Never changed, never taken away."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from licensing.model.application_status import Status
from smartcity.storage import Base, states, uuid7


class HistoryLine(Base):
    """One step: to which state, when, by whom (`None`: by an event), for which company a person acted, and why."""

    __tablename__ = "application_history"
    __table_args__ = (sa.UniqueConstraint("application_id", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    application_id: Mapped[UUID] = mapped_column(sa.ForeignKey("permit_application.id"), init=False)
    position: Mapped[int]
    status: Mapped[Status] = mapped_column(states(Status))
    at: Mapped[datetime]
    actor_sub: Mapped[str | None] = mapped_column(default=None)
    company_sub: Mapped[str | None] = mapped_column(default=None)
    reason_code: Mapped[str | None] = mapped_column(default=None)
    reasons: Mapped[list[str]] = mapped_column(JSONB, default_factory=list)

    @property
    def person_sub(self) -> str | None:
        """Who acted for the company; nobody is shown otherwise."""
        return self.actor_sub if self.company_sub else None
