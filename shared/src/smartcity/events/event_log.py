"""The append-only log of what this service has told, and beside it the short list of what the broker has not confirmed yet."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from smartcity.storage.entity import Base

CHANNEL = "event_log"


class LoggedEvent(Base):
    """One event told; `unheard` when nobody was bound to it.

    `body` is null once the personal data of a delivered internal event has been erased.
    """

    __tablename__ = "event_log"
    __table_args__ = (
        sa.UniqueConstraint("subject", "sequence"),
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
    unheard: Mapped[bool] = mapped_column(default=False)


class UnsentEvent(Base):
    """An event still to be sent. The database enters every event that is logged, and wakes the relay; the relay takes it off.

    Apart from the log, so that sending an event does not write its bytes and its indexes once more.
    """

    __tablename__ = "event_unsent"

    position: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
