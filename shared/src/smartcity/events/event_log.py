"""The append-only log of what this service has told: the bytes, and when the broker confirmed them."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage.entity import Base

CHANNEL = "event_log"


class LoggedEvent(Base):
    """One event told. `sent_at` is null until the broker confirmed; `unheard` when nobody was bound to it.

    `body` is null once the personal data of a delivered internal event has been erased.
    """

    __tablename__ = "event_log"
    __table_args__ = (
        sa.UniqueConstraint("subject", "sequence"),
        sa.Index("ix_event_log_unsent", "position", postgresql_where=sa.text("sent_at IS NULL")),
        sa.Index("ix_event_log_time", "time"),
    )

    position: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True, init=False)
    id: Mapped[UUID] = mapped_column(unique=True)
    subject: Mapped[str]
    sequence: Mapped[int]
    type: Mapped[str]
    audience: Mapped[str]
    time: Mapped[datetime]
    body: Mapped[bytes | None]
    sha256: Mapped[bytes]
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    unheard: Mapped[bool] = mapped_column(default=False)
