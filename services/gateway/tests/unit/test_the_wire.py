"""Reading an upstream's answer: what is clear, and what is refused."""

import socket
import threading
from contextlib import closing, suppress

import pytest

from gateway.wire import Head, Unclear, Wire, read_head


def said(answer: bytes, method: str = "GET") -> tuple[Head, bytes]:
    """What is read of an upstream that sends `answer`, a few bytes at a time, and closes."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with closing(connection), suppress(OSError):
                for at in range(0, len(answer), 7):
                    connection.sendall(answer[at : at + 7])

        server = threading.Thread(target=serve)
        server.start()
        wire = Wire("127.0.0.1", listening.getsockname()[1], 5)
        try:
            head = wire.head(method)
            return head, b"".join(wire.parts(head))
        finally:
            wire.close()
            server.join()


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "answer, body, keeps",
    [(OK + b"Content-Length: 3\r\n\r\nabc", b"abc", True), (OK + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", b"abc", True),
     (OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=1\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n", b"abc0123456789", True),
     (OK + b"\r\nabc", b"abc", False), (OK + b"Content-Length: 3\r\nConnection: Close\r\n\r\nabc", b"abc", False),
     (b"HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc", b"abc", False), (b"HTTP/1.1 204 \r\n\r\n", b"", True), (b"HTTP/1.1 204\r\n\r\n", b"", True),
     (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n", b"", True),
     (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + OK + b"Content-Length: 1\r\n\r\nx", b"x", True)],
)  # fmt: skip
def test_a_clear_answer_is_read_to_its_end(answer: bytes, body: bytes, keeps: bool) -> None:
    head, read = said(answer)
    assert (read, head.keeps) == (body, keeps)


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 200 OK", b"HTTP/2 200 OK\r\n\r\n", b"HTTP/1.1 20 OK\r\n\r\n", b"HTTP/1.1 999 No\r\n\r\n", b"SSH-2.0-x\r\n\r\n",
     b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", OK + b"Content-Length: -3\r\n\r\n",
     OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n", OK + b"X: a\nY: b\r\n\r\n",
     OK + b"X: a\rb\r\n\r\n", OK + b"X : a\r\n\r\n", OK + b" X: a\r\n\r\n", OK + b"X: a\x00\r\n\r\n", OK + b"X: a\r\n b\r\n\r\n", OK + b"X\r\n\r\n",
     OK + b"Content-Length: 4\r\n\r\nabc", OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc", OK + b"Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n",
     OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n", OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n",
     OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"a" * 20_000],
)  # fmt: skip
def test_an_unclear_answer_is_an_error(answer: bytes) -> None:
    with pytest.raises(Unclear):
        said(answer)


def test_an_answer_to_head_has_a_length_and_no_body() -> None:
    head = read_head("HTTP/1.1 200 OK\r\nContent-Length: 12", "HEAD")
    assert head.length == 12 and head.bare and head.keeps
