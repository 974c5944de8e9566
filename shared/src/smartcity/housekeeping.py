"""The kernel's own due work: what must not be kept is erased, a bounded piece at a time."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from smartcity import due
from smartcity.events.catalogue import all_contracts

KIND = "kernel.housekeeping"
KEEP_PERSONAL = timedelta(days=90)
KEEP_KEYS = timedelta(days=30)
BATCH = 5_000


def appoint(session: Session, now: datetime) -> None:
    """Make sure the nightly run is appointed."""
    session.execute(
        sa.text("INSERT INTO due (kind, subject, at, attempts, status) VALUES (:kind, 'daily', :at, 0, 'due') ON CONFLICT DO NOTHING"),
        {"kind": KIND, "at": now + timedelta(days=1)},
    )


def run(session: Session, subject: str, now: datetime) -> None:
    """Erase the bytes of delivered events with personal data after 90 days, and kept answers after 30."""
    personal = [name for name, terms in all_contracts().items() if terms.personal]
    erased = session.execute(
        sa.text(
            "UPDATE event_log SET body = NULL WHERE position IN (SELECT position FROM event_log "
            "WHERE time < :before AND body IS NOT NULL AND type = ANY(:types) "
            "AND position NOT IN (SELECT position FROM event_unsent) ORDER BY time LIMIT :batch)"
        ),
        {"before": now - KEEP_PERSONAL, "types": personal, "batch": BATCH},
    )
    forgotten = session.execute(
        sa.text(
            "DELETE FROM idempotency WHERE (caller, route, key) IN "
            "(SELECT caller, route, key FROM idempotency WHERE made_at < :before ORDER BY made_at LIMIT :batch)"
        ),
        {"before": now - KEEP_KEYS, "batch": BATCH},
    )
    more = BATCH in (erased.rowcount, forgotten.rowcount)  # type: ignore[attr-defined]
    due.schedule(session, KIND, subject, now + (timedelta(seconds=5) if more else timedelta(days=1)))


RUNS: dict[str, due.Runner] = {KIND: run}
