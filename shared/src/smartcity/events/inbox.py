"""The inbox: which events had their effect, which wait, and which a person must look at. SQL, alike on both brokers."""

from collections.abc import Collection, Mapping, Set
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from smartcity.errors import NotFound, RuleBroken
from smartcity.events.envelope import Heard
from smartcity.storage.entity import Base, states

TRIES = 8
PATIENCE = 30
LONGEST = timedelta(hours=1)


Key = tuple[str, str]
"""What makes an event the same event: source and id."""


class Standing(StrEnum):
    DONE = "done"
    WAITING = "waiting"
    PARKED = "parked"
    DROPPED = "dropped"


class InboxEvent(Base):
    """One event received, once for ever. The bytes stay only while it waits or is parked."""

    __tablename__ = "inbox"
    __table_args__ = (
        sa.Index("ix_inbox_waiting", "next_at", postgresql_where=sa.text("status = 'waiting'")),
        sa.Index("ix_inbox_waiting_subject", "subject", "sequence", postgresql_where=sa.text("status = 'waiting'")),
        sa.Index("ix_inbox_parked", "received_at", postgresql_where=sa.text("status = 'parked'")),
    )

    source: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    subject: Mapped[str]
    sequence: Mapped[int]
    status: Mapped[Standing] = mapped_column(states(Standing))
    received_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(default=None)
    body: Mapped[bytes | None] = mapped_column(default=None)


def lock_subject(session: Session, subject: str) -> None:
    """One piece of work at a time for a subject, whoever does it."""
    session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:subject, 0))"), {"subject": subject})


_TAKE = sa.text(
    "INSERT INTO inbox (source, id, type, subject, sequence, status, received_at, attempts) "
    "VALUES (:source, :id, :type, :subject, :sequence, 'done', :now, 0) ON CONFLICT DO NOTHING "
    "RETURNING EXISTS (SELECT 1 FROM inbox w WHERE w.subject = :subject AND w.sequence < :sequence AND w.status = 'waiting')"
)


def take(session: Session, event: Heard, now: datetime) -> bool | None:
    """Enter the event as done. `None`: it was here before. `True`: an older one of its subject still waits."""
    values = {
        "source": event.source, "id": event.id, "type": event.type, "subject": event.subject, "sequence": event.sequence, "now": now,
    }  # fmt: skip
    return session.execute(_TAKE, values).scalar_one_or_none()


_TAKE_MANY = sa.text(
    "INSERT INTO inbox (source, id, type, subject, sequence, status, received_at, attempts) "
    "SELECT e.*, 'done', :now, 0 FROM json_to_recordset(CAST(:events AS json)) "
    "AS e(source text, id text, type text, subject text, sequence integer) WHERE NOT EXISTS "
    "(SELECT 1 FROM inbox w WHERE w.subject = e.subject AND w.sequence < e.sequence AND w.status = 'waiting') "
    "ORDER BY source, id ON CONFLICT DO NOTHING RETURNING source, id"
)


def take_many(session: Session, events: Mapping[Key, Heard], now: datetime) -> Set[Key]:
    """Enter as done, in one statement, what is new and has no older one of its subject waiting; answers the keys of these."""
    rows = [{"source": e.source, "id": e.id, "type": e.type, "subject": e.subject, "sequence": e.sequence} for e in events.values()]
    entered: Any = session.execute(_TAKE_MANY, {"events": msgspec.json.encode(rows).decode(), "now": now})
    return events.keys() if entered.rowcount == len(events) else {(source, ident) for source, ident in entered}


def keep(session: Session, event: Heard, body: bytes, now: datetime, reason: str, patience: int = TRIES) -> Standing:
    """Keep an event that has had no effect yet: waiting with back-off, parked after `patience` tries."""
    row = session.get(InboxEvent, (event.source, event.id), with_for_update=True)
    if row is None:
        row = InboxEvent(
            source=event.source, id=event.id, type=event.type, subject=event.subject, sequence=event.sequence,
            status=Standing.WAITING, received_at=now,
        )  # fmt: skip
        session.add(row)
    row.attempts += 1
    row.body, row.reason = body, reason
    row.status = Standing.PARKED if row.attempts >= patience else Standing.WAITING
    row.next_at = now + back_off(row.attempts) if row.status is Standing.WAITING else None
    return row.status


def back_off(attempts: int) -> timedelta:
    """1, 2, 4 … seconds, an hour at the most."""
    return min(timedelta(seconds=2.0 ** (attempts - 1)), LONGEST)


def wake(session: Session, subjects: Collection[str], now: datetime) -> None:
    """Something of these subjects had its effect: what waited for it may try at once."""
    session.execute(
        sa.text("UPDATE inbox SET next_at = :now WHERE subject = ANY(:subjects) AND status = 'waiting'"),
        {"subjects": list(subjects), "now": now},
    )


def next_waiting(session: Session, now: datetime) -> InboxEvent | None:
    """The waiting row that is due and the oldest of its subject, locked; `None` when there is nothing to do."""
    older = aliased(InboxEvent)
    behind = sa.exists().where(older.subject == InboxEvent.subject, older.status == Standing.WAITING, older.sequence < InboxEvent.sequence)
    due = sa.select(InboxEvent).where(InboxEvent.status == Standing.WAITING, InboxEvent.next_at <= now, ~behind)
    return session.scalar(due.order_by(InboxEvent.next_at).limit(1).with_for_update(skip_locked=True, of=InboxEvent))


def listed(session: Session, status: Standing, limit: int = 100) -> list[dict[str, Any]]:
    """Rows of one standing, oldest first, without their data."""
    rows = session.scalars(sa.select(InboxEvent).where(InboxEvent.status == status).order_by(InboxEvent.received_at).limit(limit))
    shown = ("id", "type", "subject", "sequence", "attempts", "next_at", "reason", "received_at")
    return [{name: getattr(row, name) for name in shown} for row in rows]


def _one(session: Session, event_id: str) -> InboxEvent:
    row = session.scalar(sa.select(InboxEvent).where(InboxEvent.id == event_id).with_for_update())
    if row is None:
        raise NotFound()
    return row


def retry(session: Session, event_id: str, now: datetime) -> None:
    """A person asks for another round of tries of a parked or waiting event."""
    row = _one(session, event_id)
    if row.status not in (Standing.PARKED, Standing.WAITING):
        raise RuleBroken("event-not-retryable", status=row.status)
    row.status, row.attempts, row.next_at = Standing.WAITING, 0, now


def drop(session: Session, event_id: str, reason: str) -> None:
    """A person gives a parked event up; the row stays, its bytes go."""
    row = _one(session, event_id)
    if row.status not in (Standing.PARKED, Standing.WAITING):
        raise RuleBroken("event-not-droppable", status=row.status)
    row.status, row.next_at, row.body, row.reason = Standing.DROPPED, None, None, reason


def done(row: InboxEvent) -> None:
    """A kept event had its effect."""
    row.status, row.next_at, row.body, row.reason = Standing.DONE, None, None, None
