"""A consumer's hand on the file: takes deliveries, and commits what was acked with the next taking, or after a short while."""

import time
from collections.abc import Sequence

from smartcity.events.broker.embedded import deliveries
from smartcity.events.broker.embedded.deliveries import Held, Span, Taken
from smartcity.events.broker.embedded.file import open_file, owners_path, writing
from smartcity.events.broker.embedded.owner import NOTHING, Owner, dead_owners

ACK_DELAY = 0.05
MOST_ACKS = 50
REAP_EVERY = 0.5
_BUSY_POLL, _IDLE_POLL = 0.001, 0.004
_BUSY_TURNS = 20


def pause(quiet: int) -> float:
    """Seconds to wait before looking again, after so many looks at nothing."""
    return _BUSY_POLL if quiet < _BUSY_TURNS else _IDLE_POLL


class Hand:
    """One SQLite connection and one owner of deliveries."""

    def __init__(self, path: str) -> None:
        self.db = open_file(path, durable=False)
        self._owners = owners_path(path)
        self._owner = Owner(self._owners)
        self._acks: list[Span] = []
        self._acked, self._acked_at = 0, 0.0
        self._empty_at: dict[str, int] = {}
        self._reap_at = 0.0

    def take(self, queue: str, limit: int) -> list[Taken]:
        """The oldest that nobody holds, read. Without any it costs microseconds and no lock."""
        span = self.reserve(queue, limit)
        return self.read(span) if span else []

    def reserve(self, queue: str, limit: int) -> Span | None:
        """The oldest that nobody holds are this hand's from now on; `read` gets them."""
        now = time.monotonic()
        if now >= self._reap_at:
            self._reap_at = now + REAP_EVERY
            self._reap()
        version = self.db.execute("PRAGMA data_version").fetchone()[0]
        if self._empty_at.get(queue) == version or not deliveries.waiting(self.db, queue):
            self._empty_at[queue] = version
            if self._acks and (self._acked >= MOST_ACKS or now - self._acked_at >= ACK_DELAY):
                self.flush()
            return None
        with writing(self.db):
            deliveries.settle(self.db, self._acks, self._owner.number)
            span = deliveries.take(self.db, queue, self._owner.number, limit)
        self._acks.clear()
        return span

    def read(self, span: Span) -> list[Taken]:
        return deliveries.read(self.db, span, self._owner.number)

    def _reap(self) -> None:
        """Give back what dead consumers held."""
        for owner, in_hand in dead_owners(self._owners, but=self._owner.number):
            with writing(self.db):
                deliveries.give_back(self.db, owner, in_hand)
            self._empty_at.clear()

    def hold(self, first: int, last: int) -> None:
        """Work on these begins: a death is counted against them."""
        self._owner.hold(first, last)

    def ack(self, spans: Sequence[Span]) -> None:
        """Done with everything held in these. The acks of a whole batch wait for the next taking only, to be one commit with it."""
        self._owner.hold(*NOTHING)
        now = time.monotonic()
        if not self._acks:
            self._acked, self._acked_at = 0, now
        self._acks += spans
        self._acked += sum(last - first + 1 for _, first, last in spans)
        if len(self._acks) >= MOST_ACKS or now - self._acked_at >= ACK_DELAY:
            self.flush()

    def refuse(self, held: Held, requeue: bool = False) -> None:
        """Rejected: parked, or free for anybody."""
        self._owner.hold(*NOTHING)
        with writing(self.db):
            if requeue:
                deliveries.release(self.db, held)
            else:
                deliveries.park(self.db, [held], "rejected")
        self._empty_at.clear()

    def look_again(self) -> None:
        """Something was put in over this connection: its own commits do not change the version it sees."""
        self._empty_at.clear()

    def flush(self) -> None:
        with writing(self.db):
            deliveries.settle(self.db, self._acks, self._owner.number)
        self._acks.clear()

    def close(self) -> None:
        """Commit the acks, give the rest back, let the owner's file go."""
        try:
            with writing(self.db):
                deliveries.settle(self.db, self._acks, self._owner.number)
                deliveries.give_back(self.db, self._owner.number)
            self._owner.close()
        finally:
            self._owner.drop_descriptor()
            self.db.close()
