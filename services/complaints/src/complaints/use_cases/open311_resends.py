"""A form sent twice by Open311, which has no key against it, is filed once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
import yaml
from sqlalchemy.orm import Session

from complaints.model.complaint import Complaint
from complaints.model.open311_filing import Open311Filing
from smartcity import due
from smartcity.calendar import day_of
from smartcity.storage import get

FORGET = "complaints.forget_open311_filing"


@cache
def _windows() -> list[dict[str, Any]]:
    return list(yaml.safe_load((files("complaints") / "data" / "open311.yaml").read_text())["resends"])


def once(session: Session, fingerprint: bytes, now: datetime, file: Callable[[], tuple[Complaint, str]]) -> tuple[Complaint, str]:
    """What `file` files and its token; the earlier ones where the same form came within the window. Two at once wait for each other."""
    number = int.from_bytes(fingerprint[:8], "big", signed=True)
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
    earlier = session.get(Open311Filing, fingerprint)
    if earlier is not None and now < earlier.filed_at + window(now):
        return get(session, Complaint, earlier.complaint_id), earlier.token
    filed, token = file()
    session.flush()
    session.merge(Open311Filing(fingerprint=fingerprint, complaint_id=filed.id, token=token, filed_at=now))
    due.schedule(session, FORGET, fingerprint.hex(), now + window(now))
    return filed, token


def forget(session: Session, subject: str, now: datetime) -> None:
    """Due work: the window of a form (its fingerprint in hexadecimal) is over, and its token is kept no longer."""
    session.execute(sa.delete(Open311Filing).where(Open311Filing.fingerprint == bytes.fromhex(subject)))


def window(now: datetime) -> timedelta:
    """How long the same form is a resend, by the row of the table that holds today; not at all where none does."""
    day = day_of(now)
    minutes = next(
        (row["minutes"] for row in _windows() if row["valid_from"] <= day and (row["valid_to"] is None or day <= row["valid_to"])), 0
    )
    return timedelta(minutes=minutes)
