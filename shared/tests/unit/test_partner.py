"""A call to a system outside is answered, or given up: no redirect is followed, no drop waited for, nothing read without end."""

import base64
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from smartcity import settings
from smartcity.partner import NO_CONNECTION, NOT_UNDERSTOOD, TIMED_OUT, NoAnswer, Partner, address
from smartcity.settings import Settings, SettingsError

PROMPT = b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok"
SENT_AWAY = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"
ENDLESS = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000
NOT_HTTP = b"220 mail at your service\r\n"


@contextmanager
def listening(said: bytes, *, drops: bool = False) -> Iterator[tuple[str, list[bytes]]]:
    """An address where this is said to whoever asks, all at once or then a byte now and then; and what was heard there."""
    heard, over = list[bytes](), threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with server.accept()[0] as line:
            heard.append(line.recv(65536))
            line.sendall(said)
            while drops and not over.wait(0.05):
                try:
                    line.sendall(b".")
                except OSError:
                    return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/api/", heard
    finally:
        over.set()
        thread.join(5)
        server.close()


def asked(url: str) -> tuple[int, bytes]:
    return Partner(urlsplit(url), within=0.4, largest=1000).call("PUT", "/things/7", b"{}", {"X-Who": "medan"})


def test_what_is_answered_comes_with_its_status_and_what_was_asked_stood_below_the_address() -> None:
    with listening(PROMPT) as (url, heard):
        assert asked(url) == (202, b"ok")
    assert heard[0].startswith(b"PUT /api/things/7 HTTP/1.1\r\n") and b"X-Who: medan" in heard[0]


def test_no_redirect_is_followed() -> None:
    with listening(SENT_AWAY) as (url, _):
        assert asked(url) == (302, b"")


@pytest.mark.parametrize(("said", "drops", "reason"), [
    (b"", False, NO_CONNECTION), (NOT_HTTP, False, NO_CONNECTION), (ENDLESS, False, NOT_UNDERSTOOD),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", True, TIMED_OUT),
])  # fmt: skip
def test_what_cannot_be_read_is_given_up_with_its_reason(said: bytes, drops: bool, reason: str) -> None:
    with listening(said, drops=drops) as (url, _), pytest.raises(NoAnswer) as nothing:
        asked(url)
    assert nothing.value.reason == reason


def test_where_nobody_listens_there_is_no_connection() -> None:
    with pytest.raises(NoAnswer) as nothing:
        asked("http://127.0.0.1:9")
    assert nothing.value.reason == NO_CONNECTION


@pytest.mark.parametrize(("said", "host"), [("", None), ("https://id.example/api", "id.example"), ("http://127.0.0.1:9", "127.0.0.1")])
def test_an_address_may_be_left_out(said: str, host: str | None) -> None:
    url = address(told(said), "THEIR_URL")
    assert (url and url.hostname) == host


@pytest.mark.parametrize("said", ["id.example", "ftp://id.example", "https://", "http://[", "file:///tmp"])
def test_what_is_no_address_is_refused_by_its_name(said: str) -> None:
    with pytest.raises(SettingsError, match="THEIR_URL must start with one of https://, http://"):
        address(told(said), "THEIR_URL")


def told(url: str) -> Settings:
    key = base64.b64encode(bytes(32)).decode()
    return settings.load("x", ("THEIR_URL",) if url else (), {
        "DATABASE_URL": "postgresql://x", "BROKER_URL": "amqp://x", "FILES_URL": "file:///x", "ISSUER_URL": "http://x", "PUBLIC_URL": "http://x",
        "SECRET_KEY": key, "DOCUMENT_KEY": key, "THEIR_URL": url,
    }, {} if url else {"THEIR_URL": ""})  # fmt: skip
