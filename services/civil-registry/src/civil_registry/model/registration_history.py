"""What happened to a registration, in order. Never changed, never taken away: the database refuses it too."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civil_registry.model.birth_status import Status, Step
from smartcity.storage import Base, Encrypted, states, uuid7


class HistoryLine(Base):
    """To which state, when, by whom, as which step of the office (`None`: the parent, or handing over), and why.

    `said` holds the sentences for the parent, one a line.
    """

    __tablename__ = "registration_history"
    __table_args__ = (sa.UniqueConstraint("registration_id", "position"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    registration_id: Mapped[UUID] = mapped_column(sa.ForeignKey("birth_registration.id"), init=False)
    position: Mapped[int]
    status: Mapped[Status] = mapped_column(states(Status))
    at: Mapped[datetime]
    actor_sub: Mapped[str]
    step: Mapped[Step | None] = mapped_column(states(Step, "step"), default=None)
    reason_code: Mapped[str | None] = mapped_column(default=None)
    said: Mapped[str | None] = mapped_column(Encrypted("birth-applications"), default=None)

    @property
    def reasons(self) -> list[str]:
        """The sentences."""
        return self.said.split("\n") if self.said else []
