"""The door's side of a connection: each head has the whole of its time, each answer goes whole."""

from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config

from gateway.answers import Answer
from gateway.server import Heads, plain, write

HEAD = b"GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\n\r\n"


class Caller:
    """Sends each of `said`, then no more."""

    def __init__(self, *said: bytes) -> None:
        self.said, self.timeouts = list(said), list[float | None]()

    def recv(self, _: int) -> bytes:
        assert self.timeouts[-1] is None
        return self.said.pop(0) if self.said else b""

    def settimeout(self, seconds: float | None) -> None:
        self.timeouts.append(seconds)

    def gettimeout(self) -> float | None:
        return self.timeouts[-1]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was asked of the loop's clock."""
    asked = list[Any]()
    timer = SimpleNamespace(again=lambda *_: asked.append("again"), stop=lambda: asked.append("stop"), close=lambda: asked.append("close"))
    loop = SimpleNamespace(timer=lambda *seconds: asked.append(seconds) or timer)
    monkeypatch.setattr("gateway.server.get_hub", lambda: SimpleNamespace(loop=loop))
    return asked


def test_each_head_has_the_whole_of_its_time_and_no_time_runs_meanwhile(clock: list[Any]) -> None:
    """A timer that is started again goes on with what was left; one that repeats begins anew (libev, `ev_timer_again`)."""
    heads = Heads(plain(Config()), Caller(HEAD, HEAD), ("127.0.0.1", 1), 10)
    assert [next(heads).method, next(heads).method] == ["GET", "GET"]
    with pytest.raises(StopIteration):
        next(heads)
    heads.close()
    assert clock == [(10, 10), *["again", "stop"] * 3, "close"]


def test_a_caller_that_answers_slowly_is_waited_for_with_a_limit_between_heads(clock: list[Any]) -> None:
    caller = Caller(HEAD)
    next(Heads(plain(Config()), caller, ("127.0.0.1", 1), 10))
    assert caller.timeouts[-1] == 30.0


def test_nobody_is_believed_about_the_way_a_request_came(clock: list[Any]) -> None:
    """gunicorn believes callers of this machine unless told otherwise."""
    assert next(Heads(plain(Config()), Caller(HEAD), ("127.0.0.1", 1), 10)).scheme == "http"


@pytest.mark.parametrize("takes", [1000, 3, None])
def test_what_of_an_answer_does_not_go_at_once_goes_after_it(takes: int | None) -> None:
    class Busy:
        taken = b""

        def send(self, data: bytes, flags: int, timeout: float) -> int:
            assert (flags, timeout) == (0, 0)
            if takes is None:
                raise BlockingIOError
            self.taken += data[:takes]
            return min(takes, len(data))

        def sendall(self, data: bytes) -> None:
            self.taken += data

    busy = Busy()
    write(busy, (1, 1), "GET", Answer(200, body=b"0123456789"), True)
    assert busy.taken.startswith(b"HTTP/1.1 200 OK\r\n")
    assert busy.taken.endswith(b"Connection: keep-alive\r\n\r\n0123456789")
