"""Bodies are streamed both ways and never held whole; too large and too slow ones end early."""

import http.client
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from gateway.routes import BY_WORD

LARGEST = BY_WORD["bills"].largest
MIB = 1024 * 1024
HEAD = b"POST /v1/bills HTTP/1.1\r\nHost: a\r\n"


def everything(connection: socket.socket) -> bytes:
    """What comes until the gateway ends the connection."""
    said = b""
    while part := connection.recv(65536):
        said += part
    return said


def megabytes(count: int) -> Iterator[bytes]:
    return (b"x" * MIB for _ in range(count))


def test_a_body_one_byte_too_large_is_refused_before_any_of_it_is_sent(door: Any, upstreams: Any) -> None:
    with closing(door.connect()) as connection:
        connection.sendall(HEAD + f"Content-Length: {LARGEST + 1}\r\nExpect: 100-continue\r\n\r\n".encode())
        said = connection.recv(65536)
    assert said.startswith(b"HTTP/1.1 413 ") and b"too-large" in said and b"Connection: close" in said
    assert not upstreams["finance-sts"].heard


def test_who_sends_too_much_all_the_same_still_hears_why(door: Any, upstreams: Any) -> None:
    assert door.ask("/v1/bills", "POST", b"x" * (LARGEST + 1)).status == 413
    assert not upstreams["finance-sts"].heard


def test_a_body_of_the_largest_size_passes(door: Any, upstreams: Any) -> None:
    assert door.ask("/v1/bills", "POST", b"x" * LARGEST).status == 200
    (heard,) = upstreams["finance-sts"].heard
    assert heard.whole and heard.size == LARGEST and heard.one("content-length") == str(LARGEST)


def test_chunks_are_passed_on_as_chunks(door: Any, upstreams: Any) -> None:
    assert door.ask("/v1/bills", "POST", megabytes(5)).status == 200
    (heard,) = upstreams["finance-sts"].heard
    assert heard.whole and heard.size == 5 * MIB and heard.one("transfer-encoding") == "chunked" and heard.one("content-length") is None


def test_chunks_that_become_too_many_are_refused_and_never_whole_at_the_service(door: Any, upstreams: Any) -> None:
    with closing(door.connect()) as connection, pytest.MonkeyPatch.context():
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        for part in megabytes(LARGEST // MIB + 1):
            connection.sendall(b"%x\r\n%b\r\n" % (len(part), part))
        said = everything(connection)
    assert said.startswith(b"HTTP/1.1 413 ")
    assert not any(heard.whole for heard in upstreams["finance-sts"].heard)


def test_continue_is_said_once_and_only_when_the_body_is_wanted(door: Any, upstreams: Any) -> None:
    with closing(door.connect()) as connection:
        connection.sendall(HEAD + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"abcde")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK")
    (heard,) = upstreams["finance-sts"].heard
    assert heard.body == b"abcde" and heard.one("expect") is None


def test_a_head_that_does_not_come_ends_the_connection_and_holds_up_nobody(a_door: Any, upstreams: Any) -> None:
    door = a_door(HEAD_SECONDS="1")
    with closing(door.connect()) as slow, closing(door.connect()) as silent:
        slow.sendall(b"GET /v1/bills HTTP/1.1\r\nHost: a\r\nX-")
        assert door.ask("/v1/bills").status == 200
        assert everything(slow) == b"" and everything(silent) == b""
    assert len(upstreams["finance-sts"].heard) == 1


def test_a_small_body_that_stops_coming_is_408_and_no_service_waits_for_it(a_door: Any, upstreams: Any) -> None:
    door = a_door(HEAD_SECONDS="1", BODY_BYTES_PER_SECOND="1000000")
    with closing(door.connect()) as slow:
        slow.sendall(HEAD + b"Content-Length: 10\r\n\r\nabc")
        said = everything(slow)
    assert said.startswith(b"HTTP/1.1 408 ") and b"too-slow" in said and not upstreams["finance-sts"].heard


@pytest.mark.parametrize(
    "framing, sent", [(b"Content-Length: 200000", b"x" * 100_000), (b"Transfer-Encoding: chunked", b"186a0\r\n" + b"x" * 100_000)]
)
def test_a_large_body_that_stops_coming_is_408_and_never_whole_at_the_service(
    a_door: Any, upstreams: Any, framing: bytes, sent: bytes
) -> None:
    door = a_door(HEAD_SECONDS="1", BODY_BYTES_PER_SECOND="1000000")
    with closing(door.connect()) as slow:
        slow.sendall(HEAD + framing + b"\r\n\r\n" + sent)
        assert everything(slow).startswith(b"HTTP/1.1 408 ")
    assert not any(heard.whole for heard in upstreams["finance-sts"].heard)
    assert door.ask("/v1/bills").status == 200


def test_a_body_that_trickles_is_cut_off(a_door: Any, upstreams: Any) -> None:
    door = a_door(HEAD_SECONDS="1", BODY_BYTES_PER_SECOND="1000000")
    with closing(door.connect()) as slow:
        slow.sendall(HEAD + b"Content-Length: 1000000\r\n\r\n")
        ended = threading.Event()
        trickle = threading.Thread(target=_trickle, args=(slow, ended), daemon=True)
        trickle.start()
        said = slow.recv(65536)
        ended.set()
        trickle.join()
    assert said.startswith(b"HTTP/1.1 408 ") and not upstreams["finance-sts"].heard


def _trickle(connection: socket.socket, ended: threading.Event) -> None:
    while not ended.wait(0.1):
        connection.sendall(b"x")


def test_eight_uploads_at_once_are_not_held(door: Any, upstreams: Any) -> None:
    """Together 200 MB; each waits at the service until all have begun."""
    all_there, before = threading.Barrier(8), door.memory()
    grown: list[int] = []

    def slow(handler: Any) -> None:
        all_there.wait(60)
        for part in handler.parts():
            handler.heard.size += len(part)
        grown.append(door.memory() - before)
        handler.say(200, b"{}")

    upstreams["finance-sts"].scripts["/"] = slow
    statuses: list[int] = []
    send = lambda: statuses.append(door.ask("/v1/bills", "POST", megabytes(25)).status)
    uploads = [threading.Thread(target=send) for _ in range(8)]
    for upload in uploads:
        upload.start()
    for upload in uploads:
        upload.join()
    assert statuses == [200] * 8 and [heard.size for heard in upstreams["finance-sts"].heard] == [25 * MIB] * 8
    assert max(grown) < 40 * MIB, grown


@pytest.mark.parametrize("length", [str(200 * MIB), ""])
def test_a_download_of_200_mb_is_not_held(door: Any, upstreams: Any, length: str) -> None:
    def large(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/pdf")
        handler.send_header(*(("Content-Length", length) if length else ("Connection", "close")))
        handler.end_headers()
        for part in megabytes(200):
            handler.wfile.write(part)
        handler.close_connection = True

    upstreams["licensing"].scripts["/"] = large
    before, most, size = door.memory(), 0, 0
    with closing(http.client.HTTPConnection("127.0.0.1", door.port, timeout=30)) as connection:
        connection.request("GET", "/v1/permits/1/document")
        answer = connection.getresponse()
        assert answer.getheader("Content-Length") == (length or None)
        while part := answer.read(MIB):
            size, most = size + len(part), max(most, door.memory())
    assert size == 200 * MIB and most - before < 20 * MIB, most - before


def _broken(handler: Any, head: bytes) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n" + head)
    handler.close_connection = True


@pytest.mark.parametrize(
    "head", [b"Content-Length: 900000\r\n\r\n" + b"x" * 200_000, b"Transfer-Encoding: chunked\r\n\r\n30d40\r\n" + b"x" * 200_000]
)
def test_a_download_that_breaks_off_does_not_look_whole(door: Any, upstreams: Any, head: bytes) -> None:
    upstreams["licensing"].scripts["/"] = lambda handler: _broken(handler, head)
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        door.ask("/v1/permits/1/document")


@pytest.mark.parametrize(
    "head",
    [b"Content-Length: 900\r\n\r\nshort", b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", b"Content-Length: +5\r\n\r\nabcde",
     b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", b"X-A: a\x00b\r\n\r\n", b"X-A : b\r\n\r\n", b"no colon\r\n\r\n",
     b"X-A: " + b"a" * 70_000 + b"\r\n\r\n", b"X-A: b"],
)  # fmt: skip
def test_an_answer_that_is_no_answer_becomes_503(door: Any, upstreams: Any, head: bytes) -> None:
    upstreams["licensing"].scripts["/bad"] = lambda handler: _broken(handler, head)
    upstreams["licensing"].scripts["/v1/permits/bad"] = upstreams["licensing"].scripts["/bad"]
    assert door.ask("/v1/permits/bad").status == 503
    assert door.ask("/v1/permits/1").status == 200


def test_events_pass_one_by_one_as_they_happen(door: Any, upstreams: Any) -> None:
    seen = threading.Event()

    def events(handler: Any) -> None:
        handler.begin_events()
        handler.wfile.write(b"data: first\n\n")
        assert seen.wait(20)
        handler.wfile.write(b"data: second\n\n")

    upstreams["complaints"].scripts["/"] = events
    with closing(http.client.HTTPConnection("127.0.0.1", door.port, timeout=30)) as connection:
        connection.request("GET", "/v1/feeds/new", headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        assert answer.getheader("Content-Encoding") is None
        assert answer.read1() == b"data: first\n\n"
        seen.set()
        assert answer.read() == b"data: second\n\n"


def test_events_may_be_silent_for_longer_than_an_answer_may_take(a_door: Any, upstreams: Any) -> None:
    def events(handler: Any) -> None:
        handler.begin_events()
        threading.Event().wait(1.5)
        handler.wfile.write(b"data: late\n\n")

    upstreams["complaints"].scripts["/"] = events
    assert a_door(DEADLINE_SECONDS="1").ask("/v1/feeds/new").body == b"data: late\n\n"


def test_what_does_not_fit_in_one_part_still_has_its_length(door: Any, upstreams: Any) -> None:
    upstreams["licensing"].scripts["/"] = lambda handler: handler.say(200, b"x" * 300_000, Content_Type="application/pdf")
    said = door.raw(b"GET /v1/permits/1/document HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    head, _, body = said.partition(b"\r\n\r\n")
    assert re.search(rb"Content-Length: 300000\r\n", head) and len(body) == 300_000
