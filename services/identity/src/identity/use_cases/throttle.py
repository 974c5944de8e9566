"""Counting failures and asking how long one must wait. One row a name or address, raised under its own lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from identity.model.sign_in import Throttle
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


_LOCK = sa.text(
    "INSERT INTO throttle (guarded, subject, failures, failed_at, wait_until) VALUES (:guarded, :subject, 0, :now, :now) "
    "ON CONFLICT (guarded, subject) DO UPDATE SET failures = throttle.failures RETURNING failures, failed_at"
)
_COUNT = sa.text(
    "UPDATE throttle SET failures = :failures, failed_at = :failed_at, wait_until = :until WHERE guarded = :guarded AND subject = :subject"
)


def wait_of(session: Session, subjects: Sequence[Subject], now: datetime) -> timedelta:
    """The longest wait that any of the subjects still has."""
    these = sa.or_(*(sa.and_(Throttle.guarded == subject.guarded, Throttle.subject == subject.index) for subject in subjects))
    until = session.scalar(sa.select(sa.func.max(Throttle.wait_until)).where(these))
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
    session.execute(sa.delete(Throttle).where(Throttle.guarded == subject.guarded, Throttle.subject == subject.index))
