"""Who looked at whose data, what, why and when: one row per person shown, in the transaction that shows it.

Source: UU 27/2022 articles 31, 32 (record of processing, access with the processing trail).
"""

from datetime import datetime
from typing import Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from smartcity import clock, context
from smartcity.storage.entity import Base, uuid7


class AccessRow(Base):
    """One look at one person's data."""

    __tablename__ = "access_log"
    __table_args__ = (
        sa.Index("ix_access_log_person", "person", "at", "id"),
        sa.Index("ix_access_log_actor", "actor", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    at: Mapped[datetime]
    actor: Mapped[str]
    office: Mapped[str | None]
    person: Mapped[str]
    record_kind: Mapped[str]
    record_id: Mapped[str]
    purpose: Mapped[str]
    request_id: Mapped[str]


class Looking(Protocol):
    """Who looks: an actor of a request."""

    @property
    def sub(self) -> str: ...

    @property
    def office(self) -> str | None: ...


def record(session: Session, actor: Looking, person: str, record: tuple[str, str], purpose: str) -> None:
    """`actor` is shown data of `person` (their `sub`); `record` is (kind, id)."""
    session.add(
        AccessRow(
            at=clock.now(), actor=actor.sub, office=actor.office, person=person, record_kind=record[0], record_id=record[1],
            purpose=purpose, request_id=context.current().request_id,
        )
    )  # fmt: skip
