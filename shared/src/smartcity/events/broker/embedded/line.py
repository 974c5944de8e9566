"""A consumer's line to the file: whole batches, without anything made for a single message that nobody asks for."""

import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress

from smartcity.events.broker import Batch, BrokerAway, Delivery
from smartcity.events.broker.consuming import LOOK
from smartcity.events.broker.embedded.deliveries import Span, Taken
from smartcity.events.broker.embedded.file import away
from smartcity.events.broker.embedded.hand import Hand, pause


class FileLine:
    """Takes up to `prefetch` deliveries in one transaction, together with the acks of those before.

    In a backlog a second thread takes the next whole batch while one is worked on, so that the work does not stand still
    while a publisher has the file. Only one of the two threads has the hand at any moment.
    """

    def __init__(self, path: str, queue: str, prefetch: int) -> None:
        self._queue, self._prefetch = queue, prefetch
        self._ready: deque[Taken] = deque()
        self._quiet = 0
        self._taker = ThreadPoolExecutor(1, "broker-take")
        self._coming: Future[Span | None] | None = None
        with away():
            self._hand = Hand(path)

    def next_one(self) -> Delivery | None:
        if not self._waited():
            return None
        taken = self._ready.popleft()
        with away():
            self._hand.hold(taken.event, taken.event)
        return Delivery(
            body=taken.body, content_type=taken.content_type, headers=taken.all_headers(), redelivered=bool(taken.before),
            message_id=taken.message_id, type=taken.type, routing_key=taken.routing_key,
            _ack=lambda: self._ack([taken]), _reject=lambda: self._reject(taken.event),
        )  # fmt: skip

    def next_many(self) -> Batch | None:
        if not self._waited():
            return None
        together = [self._ready.popleft()]
        while self._ready and not together[0].before and not self._ready[0].before:
            together.append(self._ready.popleft())
        with away():
            self._hand.hold(together[0].event, together[-1].event)
        if len(together) == self._prefetch and self._coming is None:
            self._coming = self._taker.submit(self._hand.reserve, self._queue, self._prefetch)
        return Batch([taken.body for taken in together], lambda: self._ack(together), lambda place: self._reject(together[place].event))

    def _waited(self) -> bool:
        """Whether something lies ready, at the latest after a short while."""
        end = time.monotonic() + LOOK
        while not self._ready:
            with away():
                self._ready.extend(self._taken())
            if self._ready:
                self._quiet = 0
            elif time.monotonic() >= end:
                return False
            else:
                time.sleep(pause(self._quiet))
                self._quiet += 1
        return True

    def _taken(self) -> list[Taken]:
        if (coming := self._coming) is None:
            return self._hand.take(self._queue, self._prefetch)
        self._coming = None
        span = coming.result()
        return self._hand.read(span) if span else []

    def _alone(self) -> Hand:
        """The hand, once nobody else has it."""
        if self._coming is not None:
            wait([self._coming])
        return self._hand

    def _ack(self, together: Sequence[Taken]) -> None:
        """Nothing else is held between the first and the last, so one statement lets all of them go."""
        with away():
            self._alone().ack([(self._queue, together[0].event, together[-1].event)])

    def _reject(self, event: int) -> None:
        with away():
            self._alone().refuse((self._queue, event))

    def close(self) -> None:
        with suppress(BrokerAway), away():
            self._taker.shutdown()
            self._hand.close()
