"""Handlers that take many events in one transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from smartcity.events.envelope import Heard


class batch:  # noqa: N801  # reads as what it is, a decorator
    """`@batch` before `def handler(session, events, now)`: a handler that only inserts and tells nothing.

    It gets the events of one transaction in the order they came, each new to the inbox, and may be asked again with one at a time:
    when it raises, nothing of the batch stays and each event is tried by itself, so that only the one that fails waits.
    """

    def __init__(self, many: Callable[[Session, Sequence[Heard], datetime], None]) -> None:
        self.many = many

    def __call__(self, session: Session, event: Heard, now: datetime) -> None:
        self.many(session, [event], now)
