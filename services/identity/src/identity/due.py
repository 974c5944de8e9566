"""Due work: keys replaced every 90 days and what has expired erased every night (both see to it that they run again), and letters sent."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from identity.rules.lifetimes import KEY_ROTATED_EVERY
from identity.use_cases import keys, letters, sessions
from smartcity import clock, due


def rotate_keys(session: Session, subject: str, now: datetime) -> None:
    """A new signing key. Tokens live in real time, so the key does too; the appointment is the suite's."""
    keys.rotate(session, clock.real_now())
    due.schedule(session, keys.ROTATE, subject, now + KEY_ROTATED_EVERY)


def erase_expired(session: Session, subject: str, now: datetime) -> None:
    """Expired codes, tokens, sessions and counts; soon again while there is more."""
    more = sessions.erase_expired(session, clock.real_now())
    due.schedule(session, keys.ERASE, subject, now + (timedelta(seconds=5) if more else timedelta(days=1)))


RUNS: Mapping[str, due.Runner] = {keys.ROTATE: rotate_keys, keys.ERASE: erase_expired, letters.SEND: letters.send}
