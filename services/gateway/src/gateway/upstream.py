"""One upstream: kept connections, a bulkhead so that it holds nothing of the others, a breaker so that its absence is quick."""

import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import gevent
from prometheus_client import Counter, Gauge, Histogram

from gateway.wire import PART, Head, Wire

MOST_IN_FLIGHT = 64
MOST_LONG = MOST_IN_FLIGHT // 2
OPENS_AFTER = 5
OPEN_FOR = 2.0
CONNECT_WITHIN = 1.0
IDLE_KEPT = 20.0
EVENTS_WITHIN = 75.0
"""A stream of events may be silent this long; who sends one sends a comment more often."""

ANSWERED = Histogram(
    "upstream_answer_seconds", "From the end of a request to the beginning of its answer", ["upstream", "outcome"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15),
)  # fmt: skip
AWAY = Counter("upstream_away_total", "Requests an upstream did not answer, by the reason", ["upstream", "reason"])
OPEN = Gauge("upstream_breaker_open", "1 while requests for the upstream are refused without a try", ["upstream"])
IN_FLIGHT = Gauge("upstream_in_flight", "Requests the upstream has in hand", ["upstream"])


@cache
def _waits_for(upstream: str, hundreds: int) -> Histogram:
    return ANSWERED.labels(upstream, f"{hundreds}xx")


class UpstreamAway(Exception):
    """The service cannot be reached, does not answer in time, or has too much in hand: 503. The message is one of a few words."""


@dataclass(slots=True)
class Call:
    """A request to be carried: its head and what of the body is there in `first`, the rest in parts; `deadline` in seconds."""

    method: str
    first: bytes
    deadline: float
    rest: Iterable[bytes] | None = None


class Breaker:
    """Open after five failures in a row: for two seconds nobody tries; then one does."""

    def __init__(self) -> None:
        self.failures = 0
        self.open_until = 0.0

    @property
    def is_open(self) -> bool:
        return self.failures >= OPENS_AFTER

    def admit(self) -> None:
        """Raises `UpstreamAway` while open; lets one through when the pause is over."""
        if not self.is_open:
            return
        now = time.monotonic()
        if now < self.open_until:
            raise UpstreamAway("breaker open")
        self.open_until = now + OPEN_FOR

    def note(self, *, good: bool) -> None:
        """What came of a try."""
        self.failures = 0 if good else self.failures + 1
        if self.is_open:
            self.open_until = time.monotonic() + OPEN_FOR


class Upstream:
    """Connections to one service on `host:port`. At most half of what it may have in hand are long streams."""

    def __init__(self, name: str, host: str, port: int) -> None:
        self.name, self.host, self.port = name, host, port
        self.breaker = Breaker()
        self.in_flight = self.long = 0
        self._idle: deque[tuple[float, Wire]] = deque()
        OPEN.labels(name).set_function(lambda: float(self.breaker.is_open))
        IN_FLIGHT.labels(name).set_function(lambda: self.in_flight)

    def send(self, call: Call) -> "Exchange":
        """Carry a request; the caller reads and closes the exchange. Raises `UpstreamAway`."""
        try:
            self.breaker.admit()
            return self._in_a_slot(call)
        except UpstreamAway as away:
            AWAY.labels(self.name, str(away)).inc()
            raise

    def _in_a_slot(self, call: Call) -> "Exchange":
        exchange = Exchange(self)
        try:
            if call.rest is not None:
                exchange.lengthen()
            exchange.begin(*self._answered(call), call.deadline)
        except OSError as error:
            exchange.close()
            self.breaker.note(good=False)
            raise UpstreamAway("too slow" if isinstance(error, TimeoutError) else "not reachable") from None
        except BaseException:
            exchange.close()
            raise
        self.breaker.note(good=True)
        _waits_for(self.name, exchange.head.status // 100).observe(exchange.waited)
        return exchange

    def _answered(self, call: Call) -> tuple[Wire, Head]:
        """On a kept connection where there is one. Only what is safe is asked twice (RFC 9110 §9.2.2)."""
        kept = self._kept()
        if kept is not None:
            try:
                return _ask(kept, call)
            except ConnectionError:
                if call.method not in ("GET", "HEAD", "OPTIONS") or call.rest is not None:
                    raise
        return _ask(Wire(self.host, self.port, CONNECT_WITHIN), call)

    def _kept(self) -> Wire | None:
        while self._idle:
            since, wire = self._idle.pop()
            if time.monotonic() - since < IDLE_KEPT and wire.quiet:
                return wire
            wire.close()
        return None

    def keep(self, wire: Wire) -> None:
        """A connection whose answer was read whole, for the next request."""
        self._idle.append((time.monotonic(), wire))


def _ask(wire: Wire, call: Call) -> tuple[Wire, Head]:
    try:
        wire.each_within(call.deadline)
        wire.send(call.first, call.rest)
        wire.answer_within(call.deadline)
        return wire, wire.head(call.method)
    except BaseException:
        wire.close()
        raise


class Exchange:
    """A slot of the upstream and, once begun, an answer on its way: read its parts, then close. Raises `UpstreamAway` when none is free."""

    head: Head
    waited: float
    """Seconds for the beginning of the answer."""

    def __init__(self, upstream: Upstream) -> None:
        if upstream.in_flight >= MOST_IN_FLIGHT:
            raise UpstreamAway("too much in hand")
        upstream.in_flight += 1
        self._upstream, self._open = upstream, True
        self._wire: Wire | None = None
        self._long = self._whole = False

    def lengthen(self) -> None:
        """It will take as long as the other side likes. Raises `UpstreamAway` when too many do."""
        if not self._long:
            if self._upstream.long >= MOST_LONG:
                raise UpstreamAway("too many streams")
            self._long = True
            self._upstream.long += 1

    def begin(self, wire: Wire, head: Head, deadline: float) -> None:
        self._wire, self.head, self._deadline, self.waited = wire, head, deadline, wire.waited
        self._parts = wire.parts(head)
        self._whole = head.bare or head.length == 0

    def __iter__(self) -> Iterator[bytes]:
        if not self._whole:
            for part in self._parts:
                yield part
                if self._long:  # both sides of it may always be ready: the others' turn
                    gevent.sleep(0)
            self._whole = True

    def at_once(self) -> bytes | None:
        """The whole body where it is small, and the exchange is over; else `None`. Raises `UpstreamAway`."""
        if not self.head.bare and (self.head.length is None or self.head.length > PART):
            return None
        try:
            return b"".join(self)
        except OSError as error:
            reason = "too slow" if isinstance(error, TimeoutError) else "ended early"
            self._upstream.breaker.note(good=False)
            AWAY.labels(self._upstream.name, reason).inc()
            raise UpstreamAway(reason) from None
        finally:
            self.close()

    def stream(self, *, events: bool) -> None:
        """From here on it takes as long as the caller likes; of server-sent `events` silence is no failure. Raises `UpstreamAway`."""
        try:
            self.lengthen()
        except UpstreamAway:
            self.close()
            raise
        if self._wire is not None:
            self._wire.each_within(EVENTS_WITHIN if events else self._deadline)

    def close(self) -> None:
        if not self._open:
            return
        self._open = False
        self._upstream.in_flight -= 1
        self._upstream.long -= self._long
        if self._wire is not None:
            if self._whole and self.head.keeps and not self._wire.spoiled:
                self._upstream.keep(self._wire)
            else:
                self._wire.close()
