"""A service that answers before it has read all, or drop by drop; callers that leave before the end: none of them keeps a slot."""

import http.client
import threading
import time
from contextlib import closing
from typing import Any

import pytest

from gateway.upstream import MOST_IN_FLIGHT, MOST_LONG

UPLOAD = b"POST /v1/permits HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n"


@pytest.fixture
def over() -> Any:
    """What stands still goes on when the test is over."""
    event = threading.Event()
    yield event
    event.set()


def refusing(over: threading.Event) -> Any:
    """Refuses at once, then neither reads nor hangs up."""

    def refuse(handler: Any) -> None:
        handler.say(401, b'{"early": true}')
        over.wait(30)
        handler.close_connection = True

    return refuse


def test_a_service_that_refuses_and_reads_no_further_is_heard(a_door: Any, upstreams: Any, over: threading.Event) -> None:
    upstreams["licensing"].scripts["/"] = refusing(over)
    said = a_door(DEADLINE_SECONDS="2").ask("/v1/permits", "POST", b"x" * 20_000_000)
    assert (said.status, said.body) == (401, b'{"early": true}')


def test_who_is_refused_while_the_body_is_still_to_come_hears_it_at_once(a_door: Any, upstreams: Any, over: threading.Event) -> None:
    """A hundred who send nothing more would otherwise keep everybody from sending anything."""
    upstreams["licensing"].scripts["/"] = refusing(over)
    door = a_door(HEAD_SECONDS="2", BODY_BYTES_PER_SECOND="1000000")
    with closing(door.connect()) as caller:
        caller.sendall(UPLOAD + b"x" * 100_000)
        assert caller.recv(65536).startswith(b"HTTP/1.1 401 ")


def test_a_caller_that_leaves_in_the_middle_of_its_body_gives_its_slot_back(door: Any, upstreams: Any) -> None:
    for _ in range(MOST_IN_FLIGHT):
        with closing(door.connect()) as caller:
            caller.sendall(UPLOAD + b"x" * 100_000)
    door.until(lambda: door.ask("/v1/permits", "POST", b"x" * 100_000).status == 200)
    assert [heard.size for heard in upstreams["licensing"].heard if heard.whole] == [100_000]


@pytest.mark.parametrize(
    "told", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"], ids=["100", "103, 102"]
)  # fmt: skip
def test_a_service_that_says_something_on_the_way_is_sent_the_rest(door: Any, upstreams: Any, told: bytes) -> None:
    """RFC 9110 §15.2: an interim answer is none; each comes in two pieces, which tell nothing alone."""
    size = 20_000_000

    def interim(handler: Any) -> None:
        handler.wfile.write(told[:7])
        time.sleep(0.1)
        handler.wfile.write(told[7:])
        handler.read()
        handler.say(201, b"{}")

    upstreams["licensing"].scripts["/"] = interim
    assert door.ask("/v1/permits", "POST", b"x" * size).status == 201
    assert [heard.size for heard in upstreams["licensing"].heard] == [size]
    connections = upstreams["licensing"].connections
    assert door.ask("/v1/permits", "POST", b"x" * size).status == 201
    assert upstreams["licensing"].connections == connections, "and the connection was left as clean as any"


def test_a_service_that_only_ever_says_something_on_the_way_is_given_up(a_door: Any, upstreams: Any, over: threading.Event) -> None:
    def babble(handler: Any) -> None:
        while not over.wait(0.001):
            handler.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100)

    upstreams["licensing"].scripts["/"] = babble
    assert a_door(DEADLINE_SECONDS="2").ask("/v1/permits", "POST", b"x" * 20_000_000).status == 503


def dripping(before: bytes, over: threading.Event) -> Any:
    """Ten times a second one byte more, for ten seconds, then the rest: never silent, never done."""

    def drip(handler: Any) -> None:
        handler.wfile.write(before)
        for _ in range(100):
            over.wait(0.1)
            handler.wfile.write(b"a")
        handler.wfile.write(b"\r\n\r\n")
        handler.close_connection = True

    return drip


@pytest.mark.parametrize(
    "before", [b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-A: ", b"HTTP/1.1 200 OK\r\nContent-Length: 104\r\n\r\n"], ids=["head", "body"]
)
def test_a_service_that_answers_drop_by_drop_is_given_up_in_time(a_door: Any, upstreams: Any, over: threading.Event, before: bytes) -> None:
    upstreams["licensing"].scripts["/"] = dripping(before, over)
    assert a_door(DEADLINE_SECONDS="1").ask("/v1/permits/1").status == 503


def test_who_closes_a_stream_of_events_gives_its_slot_back_though_nothing_happens(door: Any, upstreams: Any, over: threading.Event) -> None:
    def events(handler: Any) -> None:
        handler.begin_events()
        handler.wfile.write(b": here\n\n")
        over.wait(60)

    upstreams["complaints"].scripts["/"] = events
    listening = [door.connect() for _ in range(MOST_LONG)]
    for one in listening:
        one.sendall(b"GET /v1/feeds/new HTTP/1.1\r\nHost: a\r\n\r\n")
        assert one.recv(65536).startswith(b"HTTP/1.1 200 ")
    for one in listening:
        one.close()

    def heard() -> bool:
        with closing(http.client.HTTPConnection("127.0.0.1", door.port, timeout=10)) as connection:
            connection.request("GET", "/v1/feeds/new")
            return connection.getresponse().status == 200

    door.until(heard)


def test_a_large_answer_is_handed_on_in_turn_with_everything_else(door: Any, upstreams: Any) -> None:
    """Both sides of it are always ready, and each part costs us time: others are served in between, not after it."""
    part, asked = b"12.71.01,Jalan Sisingamangaraja\n" * 2048, threading.Event()

    def large(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/csv")
        handler.send_header("Content-Length", str(len(part) * 3000))
        handler.end_headers()
        for _ in range(3000):
            handler.wfile.write(part)

    upstreams["licensing"].scripts["/"] = large
    ended = threading.Event()

    def download() -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", door.port, timeout=60)) as connection:
            connection.request("GET", "/v1/permits", headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            asked.set()
            while answer.read(1 << 20):
                pass
            ended.set()

    thread = threading.Thread(target=download)
    thread.start()
    assert asked.wait(30)
    served = 0
    while not ended.is_set() and served < 5:
        served += door.ask("/v1/bills").status == 200
    assert served == 5 and not ended.is_set(), "five others came and went before it was over"
    thread.join(60)
    assert ended.is_set()
