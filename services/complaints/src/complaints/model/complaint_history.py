"""What happened to a complaint, in order. Never changed, never taken away."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from complaints.model.complaint_status import Status
from smartcity.storage import Base, states, uuid7


class Audience(StrEnum):
    """For whom the words of a line are: everybody, reporter and city, or the city alone (who else sees nothing of the line)."""

    EVERYBODY = "everybody"
    PARTIES = "parties"
    CITY = "city"


class HistoryLine(Base):
    """One step: what (`event`, a label code), where it stands since, when, by whom (`None`: a clock or an event), and the words for it.

    Who did it is shown to nobody. A line heard from licensing has the id of its inspection, so that told twice it is written once.
    """

    __tablename__ = "complaint_history"
    __table_args__ = (sa.UniqueConstraint("complaint_id", "position"), sa.Index("ix_complaint_history_at", "at", "id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    complaint_id: Mapped[UUID] = mapped_column(sa.ForeignKey("complaint.id"), init=False)
    position: Mapped[int]
    event: Mapped[str]
    status: Mapped[Status] = mapped_column(states(Status))
    at: Mapped[datetime]
    audience: Mapped[Audience] = mapped_column(states(Audience, "audience"))
    actor_sub: Mapped[str | None] = mapped_column(default=None)
    office: Mapped[str | None] = mapped_column(default=None)
    note: Mapped[str | None] = mapped_column(default=None)
