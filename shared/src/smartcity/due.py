"""Due work: every deadline, reminder and nightly run is a row; there is no other scheduler.

`work` runs what is due (`FOR UPDATE SKIP LOCKED`, one commit each), safely on many machines. What fails is tried again
with back-off and parked after 8 tries, like an event. Who works on a thing locks it and then moves its appointment; a run holds the
appointment and then locks the thing: so a run that meets somebody gives way at once, before two can wait for each other.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from smartcity import context, tracing
from smartcity.observability import log
from smartcity.storage.entity import Base, states

TRIES = 8
GIVES_WAY = sa.text("SET LOCAL lock_timeout = '200ms'")
"""Far below the second after which PostgreSQL looks for a deadlock, and might end the other one."""
MET = ("55P03", "40P01", "40001")
"""Somebody else has the thing (SQLSTATE): no failure of the work."""
AGAIN = timedelta(seconds=1)
Runner = Callable[[Session, str, datetime], None]


class Standing(StrEnum):
    DUE = "due"
    PARKED = "parked"


class DueWork(Base):
    """One piece of work of a kind for a subject, at a moment of the suite's clock."""

    __tablename__ = "due"
    __table_args__ = (sa.Index("ix_due_at", "at", postgresql_where=sa.text("status = 'due'")),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    status: Mapped[Standing] = mapped_column(states(Standing), default=Standing.DUE)
    reason: Mapped[str | None] = mapped_column(default=None)


_SCHEDULE = sa.text(
    "INSERT INTO due (kind, subject, at, attempts, status) VALUES (:kind, :subject, :at, 0, 'due') "
    "ON CONFLICT (kind, subject) DO UPDATE SET at = excluded.at, attempts = 0, status = 'due', reason = NULL"
)


def schedule(session: Session, kind: str, subject: str, at: datetime) -> None:
    """Run `kind` for `subject` at `at`; an earlier appointment of the two is moved."""
    session.execute(_SCHEDULE, {"kind": kind, "subject": str(subject), "at": at})


def cancel(session: Session, kind: str, subject: str) -> None:
    """Forget the appointment, if there is one."""
    cancel_all(session, (kind,), subject)


def cancel_all(session: Session, kinds: Sequence[str], subject: str) -> None:
    """Forget what there is of these appointments of one subject."""
    session.execute(
        sa.text("DELETE FROM due WHERE kind = ANY(:kinds) AND subject = :subject"), {"kinds": list(kinds), "subject": str(subject)}
    )


def appoint(session: Session, kind: str, subject: str, at: datetime | None) -> None:
    """Keep the appointment in step with a clock: at `at`, or none where the clock stands."""
    if at is None:
        cancel(session, kind, subject)
    else:
        schedule(session, kind, subject, at)


_NEXT = sa.text(
    "DELETE FROM due WHERE (kind, subject) IN (SELECT kind, subject FROM due WHERE status = 'due' AND at <= :now "
    "ORDER BY at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING kind, subject, attempts"
)
_FAILED = sa.text(
    "UPDATE due SET attempts = attempts + 1, reason = :reason, at = :again, "
    "status = CASE WHEN attempts + 1 >= :tries THEN 'parked' ELSE 'due' END "
    "WHERE kind = :kind AND subject = :subject AND status = 'due' AND at <= :now"
)
_LATER = sa.text(
    "UPDATE due SET at = :again WHERE (kind, subject) IN (SELECT kind, subject FROM due "
    "WHERE kind = :kind AND subject = :subject AND status = 'due' AND at <= :now FOR UPDATE SKIP LOCKED)"
)


def run_next(open_session: Callable[[], Session], runs: Mapping[str, Runner], now: datetime) -> str | None:
    """Run the next piece of due work and commit it; answers `done`, `failed`, `later` or `None` when nothing is due.

    The row is taken in the same transaction as its effect: a killed process leaves both undone. A runner that wants
    to run again schedules itself. What meets a lock of somebody else is `later`, and no try of it counts. Each piece is
    a piece of work of its own, with its own correlation and trace.
    """
    context.begin(context.Context())
    began = time.perf_counter()
    with open_session() as session:
        row = session.execute(_NEXT, {"now": now}).one_or_none()
        if row is None:
            return None
        session.execute(GIVES_WAY)
        try:
            runs[row.kind](session, row.subject, now)
            session.commit()
            _told(row.kind, began, failed=False)
            return "done"
        except sa.exc.DBAPIError as error:
            if error.connection_invalidated:
                raise
            failure: Exception = error
        except Exception as error:
            failure = error
        session.rollback()
        outcome = _put_off(session, row, failure, now)
        session.commit()
    if outcome == "failed":
        log.error("due work failed", kind=row.kind, subject=row.subject, error=failure)
        _told(row.kind, began, failed=True)
    return outcome


def _put_off(session: Session, row: sa.Row[Any], failure: Exception, now: datetime) -> str:
    """To be tried again: in a moment where it met somebody, else by back-off until it is parked."""
    about = {"kind": row.kind, "subject": row.subject, "now": now}
    if getattr(getattr(failure, "orig", None), "sqlstate", None) in MET:
        session.execute(_LATER, {**about, "again": now + AGAIN})
        return "later"
    again = now + timedelta(seconds=2.0**row.attempts)
    session.execute(_FAILED, {**about, "reason": type(failure).__name__, "again": again, "tries": TRIES})
    return "failed"


def _told(kind: str, began: float, *, failed: bool) -> None:
    tracing.tell(f"due {kind}", tracing.Kind.INTERNAL, context.current(), time.perf_counter() - began, failed)
