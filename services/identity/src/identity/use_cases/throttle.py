"""Counting failures and asking how long one must wait. One row a name or address, raised under its own lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from identity.rules.lockout import ADDRESSES, Guarded, one_more, wait_after
from smartcity.addresses import network_of
from smartcity.errors import Refusal
from smartcity.storage import blind_index


class TooOften(Refusal):
    """Too many tries from one place: 429, for `wait`."""

    status = 429

    def __init__(self, wait: timedelta) -> None:
        super().__init__("too-often")
        self.wait = wait


@dataclass(frozen=True)
class Subject:
    """What is counted: kept as a keyed hash, so that the table names nobody."""

    guarded: Guarded
    index: bytes

    @classmethod
    def of(cls, guarded: Guarded, value: str) -> "Subject":
        """The subject of a name, or of an address: its whole network, where that is one household's."""
        value = network_of(value) if guarded in ADDRESSES else value
        return cls(guarded, blind_index(value, "throttle"))


_FORGIVE = sa.text("DELETE FROM throttle WHERE guarded = :guarded AND subject = :subject")
_LOCK = sa.text(
    "INSERT INTO throttle (guarded, subject, failures, failed_at, wait_until) VALUES (:guarded, :subject, 0, :now, :now) "
    "ON CONFLICT (guarded, subject) DO UPDATE SET failures = throttle.failures RETURNING failures, failed_at"
)
_COUNT = sa.text(
    "UPDATE throttle SET failures = :failures, failed_at = :failed_at, wait_until = :until WHERE guarded = :guarded AND subject = :subject"
)


@cache
def waits(count: int) -> sa.TextClause:
    """The longest wait of so many subjects: put together once."""
    these = " OR ".join(f"(guarded = :guarded_{n} AND subject = :subject_{n})" for n in range(count))
    return sa.text(f"SELECT max(wait_until) FROM throttle WHERE {these}")


def wait_of(session: Session, subjects: Sequence[Subject], now: datetime) -> timedelta:
    """The longest wait that any of the subjects still has."""
    about: dict[str, Any] = {}
    for n, subject in enumerate(subjects):
        about |= {f"guarded_{n}": str(subject.guarded), f"subject_{n}": subject.index}
    until = session.scalar(waits(len(subjects)), about)
    return max(until - now, timedelta()) if until else timedelta()


def count_failure(session: Session, subjects: Sequence[Subject], now: datetime) -> None:
    """One failure more for each subject (always named in the same order, so that two at once never wait for each other)."""
    for subject in subjects:
        about = {"guarded": str(subject.guarded), "subject": subject.index}
        before = session.execute(_LOCK, {**about, "now": now}).one()
        failures, failed_at = one_more(subject.guarded, before.failures, before.failed_at, now)
        until = now + wait_after(subject.guarded, failures)
        session.execute(_COUNT, {**about, "failures": failures, "failed_at": failed_at, "until": until})


def forgive(session: Session, subject: Subject) -> None:
    """It was its owner after all: start counting anew."""
    session.execute(_FORGIVE, {"guarded": str(subject.guarded), "subject": subject.index})
