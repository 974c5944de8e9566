"""A service that is stopped, hangs or is slow: 503 at once, nothing of the others is held, and it recovers by itself."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from gateway.upstream import MOST_IN_FLIGHT, OPENS_AFTER


def at_once(asked: list[Callable[[], Any]]) -> list[threading.Thread]:
    threads = [threading.Thread(target=ask, daemon=True) for ask in asked]
    for thread in threads:
        thread.start()
    return threads


def test_a_stopped_service_is_503_with_retry_after_and_comes_back_by_itself(door: Any, upstreams: Any) -> None:
    licensing = upstreams["licensing"]
    assert door.ask("/v1/permits/1").status == 200
    licensing.stop()
    try:
        for _ in range(OPENS_AFTER + 2):
            said = door.ask("/v1/permits/1", Accept_Language="en")
            assert (said.status, said.headers["Retry-After"], said.json["type"]) == (503, "2", "/problems/unavailable")
            assert door.ask("/v1/bills").status == 200
    finally:
        licensing.start()
    door.until(lambda: door.ask("/v1/permits/1").status == 200)


def test_an_open_breaker_asks_the_service_nothing_and_then_only_once(door: Any, upstreams: Any) -> None:
    """Every connection is answered with silence: what is counted are the connections."""
    complaints = upstreams["complaints"]
    complaints.scripts["/"] = lambda handler: setattr(handler, "close_connection", True)
    for _ in range(OPENS_AFTER):
        assert door.ask("/v1/complaints").status == 503
    asked = len(complaints.heard)
    assert door.ask("/v1/complaints", "POST").status == 503 and len(complaints.heard) == asked
    door.until(lambda: door.ask("/v1/complaints", "POST").status == 503 and len(complaints.heard) > asked)
    assert [door.ask("/v1/complaints", "POST").status for _ in range(3)] == [503] * 3 and len(complaints.heard) == asked + 1
    complaints.scripts.clear()
    door.until(lambda: door.ask("/v1/complaints").status == 200)


def test_a_hung_service_holds_its_own_slots_and_no_more(door: Any, upstreams: Any) -> None:
    hung = upstreams["finance-sts"]
    over = threading.Event()
    hung.scripts["/v1/bills/hung"] = lambda handler: (over.wait(30), handler.say(200, b"{}"))
    statuses: list[int] = []
    asked = at_once([lambda: statuses.append(door.ask("/v1/bills/hung").status)] * (MOST_IN_FLIGHT + 20))
    try:
        door.until(lambda: len(hung.heard) == MOST_IN_FLIGHT and len(statuses) == 20)
        assert statuses == [503] * 20
        assert [door.ask(f"/v1/permits/{number}").status for number in range(5)] == [200] * 5
        assert door.ask("/v1/bills").status == 503
    finally:
        over.set()
        for one in asked:
            one.join(30)
    assert sorted(statuses) == [200] * MOST_IN_FLIGHT + [503] * 20
    assert door.ask("/v1/bills").status == 200


def test_a_service_that_does_not_answer_in_time_is_503(a_door: Any, upstreams: Any) -> None:
    door, over = a_door(DEADLINE_SECONDS="1"), threading.Event()
    upstreams["finance-sts"].scripts["/"] = lambda handler: over.wait(30)
    try:
        said = door.ask("/v1/bills")
        assert said.status == 503 and said.headers["Retry-After"]
        assert upstreams["finance-sts"].heard[0].one("x-deadline-seconds") == "1"
    finally:
        over.set()


def test_who_streams_without_end_cannot_take_all_slots(door: Any, upstreams: Any) -> None:
    complaints, over = upstreams["complaints"], threading.Event()

    def events(handler: Any) -> None:
        handler.begin_events()
        handler.wfile.write(b": here\n\n")
        over.wait(30)

    complaints.scripts["/v1/feeds"] = events
    statuses: list[int] = []
    held = at_once([lambda: statuses.append(door.ask("/v1/feeds").status)] * (MOST_IN_FLIGHT + 10))
    try:
        door.until(lambda: len(statuses) == len(held) - MOST_IN_FLIGHT // 2)  # all who were refused; the others still stream
        assert door.ask("/v1/complaints").status == 200
    finally:
        over.set()
        for one in held:
            one.join(30)
    assert statuses.count(200) == MOST_IN_FLIGHT // 2


def test_a_connection_is_kept_for_the_next_request(door: Any, upstreams: Any) -> None:
    door.ask("/v1/permits/1")
    before = upstreams["licensing"].connections
    assert [door.ask(f"/v1/permits/{number}").status for number in range(10)] == [200] * 10
    assert door.ask("/v1/permits", "POST", b"x" * 300_000).status == 200
    assert upstreams["licensing"].connections == before


def drop_first(heard: list[Any], then: bytes = b"{}") -> Any:
    """The connection ends without an answer the first time."""

    def script(handler: Any) -> None:
        handler.read()
        if len([one for one in heard if one.target == handler.path]) == 1:
            handler.close_connection = True
        else:
            handler.say(200, then)

    return script


@pytest.mark.parametrize(
    "method, status, asked", [("GET", 200, 2), ("HEAD", 200, 2), ("POST", 503, 1), ("PUT", 503, 1), ("DELETE", 503, 1)]
)
def test_only_what_is_safe_is_asked_twice(door: Any, upstreams: Any, method: str, status: int, asked: int) -> None:
    """A kept connection that ends just as it is used: whether the service did it nobody knows."""
    licensing = upstreams["licensing"]
    door.ask("/v1/permits/1")
    licensing.fresh()
    licensing.scripts["/v1/permits/dropped"] = drop_first(licensing.heard)
    assert door.ask("/v1/permits/dropped", method).status == status
    assert len(licensing.heard) == asked


def test_a_service_that_answers_before_it_has_read_everything_is_heard(door: Any, upstreams: Any) -> None:
    def early(handler: Any) -> None:
        handler.say(401, b'{"early": true}', Connection="close")
        handler.close_connection = True

    upstreams["licensing"].scripts["/"] = early
    said = door.ask("/v1/permits", "POST", b"x" * 20_000_000)
    assert (said.status, said.body) == (401, b'{"early": true}')


def test_a_service_that_is_not_configured_is_503(a_door: Any, upstreams: Any) -> None:
    door = a_door(UPSTREAMS=f"identity=http://127.0.0.1:{upstreams['identity'].port}")
    assert door.ask("/v1/permits/1").status == 503 and door.ask("/v1/offices").status == 200


def test_a_caller_that_leaves_gives_its_slot_back(door: Any, upstreams: Any) -> None:
    """More than there are slots, one after the other, none of them read to its end."""
    upstreams["licensing"].scripts["/v1/permits/large"] = lambda handler: handler.say(
        200, b"x" * 20_000_000, Content_Type="application/pdf"
    )
    for _ in range(MOST_IN_FLIGHT):
        with door.connect() as connection:
            connection.sendall(b"GET /v1/permits/large HTTP/1.1\r\nHost: a\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
    door.until(lambda: door.ask("/v1/permits/large").status == 200)
