"""A token that was revoked is refused though it was good a moment ago; the list is asked beside the requests, never by one."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from smartcity.http.auth import BadToken
from smartcity.http.revoked import Revoked, revoked_at
from smartcity.testing.tokens import Issuer


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def said() -> Iterator[Any]:
    """What the issuer's list says, and where it is."""

    class List(BaseHTTPRequestHandler):
        body = b""

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(List.body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), List) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        List.url = f"http://127.0.0.1:{server.server_port}/"  # type: ignore[attr-defined]
        yield List
        server.shutdown()


def test_a_token_and_every_token_of_a_session_are_refused_from_when_they_are_listed(issuer: Issuer) -> None:
    ended: list[str] = []
    verifier = issuer.verifier()
    verifier.revoked = Revoked(lambda: ended)
    one, other, kept = (issuer.token("budi", jti=f"j{number}", sid=f"s{number}") for number in (1, 2, 3))
    assert [verifier.actor(token).sub for token in (one, other, kept)] == ["budi"] * 3
    ended += ["j1", "s2"]
    verifier.revoked.ask()
    for token in (one, other):
        for asked in (verifier.actor, verifier.claims):
            with pytest.raises(BadToken, match="revoked"):
                asked(token)
    assert verifier.actor(kept).sub == "budi"


@pytest.mark.parametrize("body", [b"", b"[]", b'{"revoked": 1}', b"[" * 100_000, b'{"revoked": ["x"]}' + b" " * 9_000_000])
def test_while_the_list_cannot_be_read_the_last_known_one_serves(said: Any, body: bytes) -> None:
    revoked = revoked_at(said.url)
    said.body = json.dumps({"revoked": ["j1"]}).encode()
    revoked.ask()
    said.body = body
    revoked.ask()
    assert revoked.covers({"jti": "j1"}) and not revoked.covers({"jti": "x"})
    revoked_at("http://127.0.0.1:1/").ask()  # nobody is there: said, and that is all


def test_an_issuer_that_stays_away_is_said_once_and_again_after_it_was_there(logged: Any) -> None:
    there: list[list[str]] = []
    revoked = Revoked(lambda: there.pop() if there else json.loads("?"))
    for _ in range(3):
        revoked.ask()
    there.append(["j1"])
    for _ in range(3):
        revoked.ask()
    assert [line["event"] for line in logged] == ["list of revoked tokens not read"] * 2 and revoked.covers({"jti": "j1"})


def test_the_list_is_asked_again_and_again_in_the_process_that_serves_and_nobody_where_there_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("smartcity.http.revoked.EVERY", 0.01)
    asked, twice = threading.Semaphore(0), []

    def fetch() -> list[str]:
        asked.release()
        twice.append(1)
        if len(twice) == 1:
            raise OSError("away")
        return ["j1"]

    revoked, before = Revoked(fetch), threading.active_count()
    assert not asked.acquire(blocking=False), "opens nothing before it is begun"
    revoked.begin()
    assert asked.acquire(timeout=20) and asked.acquire(timeout=20), "one that was away is asked again"
    Revoked().begin()
    assert threading.active_count() == before + 1
