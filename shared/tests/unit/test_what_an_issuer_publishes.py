"""Whatever answers at an issuer's address, who reads it hears of an answer that is none, and of nothing else."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from smartcity.http import issuer
from smartcity.http.auth import IssuerAway, Keys, fetch_jwks
from smartcity.http.revoked import revoked_at

OK = b"HTTP/1.1 200 OK\r\n"
BROKEN = [
    b"", b"SSH-2.0-OpenSSH\r\n\r\n", OK + b"Content-Length: 99\r\n\r\n{", OK + b"Transfer-Encoding: chunked\r\n\r\nz\r\n",
    OK + b"X: " + b"a" * 70_000 + b"\r\n\r\n", OK + b"\r\n" + b"[" * 100_000, OK + b"\r\n\xff", OK + b"\r\n" + b"1" * 200, b"HTTP/1.1 500 No\r\n\r\n",
]  # fmt: skip


@pytest.fixture
def url(said: bytes) -> Iterator[str]:
    """Where these bytes are said to whoever comes."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def answer() -> None:
            while True:
                try:
                    caller, _ = server.accept()
                except OSError:
                    return
                with caller:
                    caller.recv(65_536)
                    caller.sendall(said)

        threading.Thread(target=answer, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("said", BROKEN, ids=range(len(BROKEN)))
def test_an_answer_that_is_none_is_an_error_of_two_kinds(url: str) -> None:
    with pytest.raises((OSError, ValueError)):
        issuer.read(url, 100)
    revoked_at(url).ask()  # said, and asked again
    with pytest.raises(IssuerAway):
        Keys(lambda: fetch_jwks(url)).find("any")


@pytest.mark.parametrize("said", [OK + b'Content-Length: 12\r\n\r\n{"keys": []}'])
def test_what_is_whole_is_read(url: str) -> None:
    assert issuer.read(url, 12) == {"keys": []} and Keys(lambda: fetch_jwks(url)).known == {}
