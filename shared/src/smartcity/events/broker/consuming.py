"""The loop of a consumer: connects and connects again, so that a stop is never kept waiting and an absent broker is survived."""

import threading
from collections.abc import Callable
from contextlib import closing, suppress
from queue import Empty, SimpleQueue
from typing import Protocol

from smartcity.events.broker import Batch, BrokerAway, Delivery, SameProcess, never
from smartcity.observability import log

LOOK = 0.25
"""Seconds between two looks at `stop` and `paused`."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 1.0


class Line(Protocol):
    """One open connection with one consumer on it. Everything raises `BrokerAway` when the broker is gone."""

    def next_one(self) -> Delivery | None:
        """The next message; nothing after `LOOK` seconds without any."""

    def next_many(self) -> Batch | None:
        """As many as lie ready, up to the prefetch; nothing after `LOOK` seconds without any."""

    def close(self) -> None:
        """Let go; what was not answered comes again."""


class PatientConsumer:
    """Receives from one queue, over one line after another; `dial` opens the next."""

    def __init__(self, queue: str, dial: Callable[[], Line]) -> None:
        self._queue, self._open, self._process = queue, dial, SameProcess()

    def run(self, on_message: Callable[[Delivery], None], stop: threading.Event, paused: Callable[[], bool] = never) -> None:
        def one(line: Line) -> None:
            if (delivery := line.next_one()) is not None:
                on_message(delivery)

        self._run(one, stop, paused)

    def run_many(self, on_batch: Callable[[Batch], None], stop: threading.Event, paused: Callable[[], bool] = never) -> None:
        def many(line: Line) -> None:
            if (batch := line.next_many()) is not None:
                on_batch(batch)

        self._run(many, stop, paused)

    def _run(self, work: Callable[[Line], None], stop: threading.Event, paused: Callable[[], bool]) -> None:
        self._process.check()
        pause = FIRST_PAUSE
        while not stop.is_set():
            if paused():
                stop.wait(FIRST_PAUSE)
                continue
            try:
                line = _dial(self._open, stop)
                if line is not None:
                    pause = FIRST_PAUSE
                    with closing(line):
                        while not stop.is_set() and not paused():
                            work(line)
            except BrokerAway as error:
                log.warning("broker away", queue=self._queue, error=error, seconds=pause)
                stop.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)


def _dial(connect: Callable[[], Line], stop: threading.Event) -> Line | None:
    """Connect in a thread of its own: a broker that accepts and is silent must not keep the stop waiting. `None` when told to stop."""
    answers: SimpleQueue[Line | BaseException] = SimpleQueue()
    given_up = threading.Event()

    def dial() -> None:
        try:
            answers.put(connect())
        except BaseException as error:
            answers.put(error)
        if given_up.is_set():
            _hang_up(answers)

    threading.Thread(target=dial, name="broker-dial", daemon=True).start()
    while not stop.is_set():
        with suppress(Empty):
            answer = answers.get(timeout=LOOK)
            if isinstance(answer, BaseException):
                raise answer
            return answer
    given_up.set()
    _hang_up(answers)
    return None


def _hang_up(answers: "SimpleQueue[Line | BaseException]") -> None:
    """Whoever comes second finds the line nobody wants any more."""
    with suppress(Empty):
        line = answers.get_nowait()
        if not isinstance(line, BaseException):
            line.close()
