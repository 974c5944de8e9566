"""A copy of one's data is asked of every office at once; who was missing is asked again with the same key."""

import json
from typing import Any

import pytest

MINE = "/v1/me/data-requests"


def asking(issuer: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {issuer.token('budi', 'citizen')}", "Idempotency_Key": "my own key 1"}


@pytest.fixture
def offices(upstreams: Any) -> Any:
    """Every service takes what is asked."""
    for name, upstream in upstreams.items():
        body = json.dumps({"id": f"request-{name}", "status": "asked"}).encode()
        upstream.scripts[MINE] = lambda handler, body=body: handler.say(201, body)
    return upstreams


def test_every_office_is_asked_with_the_callers_key_and_token(door: Any, offices: Any, issuer: Any) -> None:
    headers = asking(issuer)
    said = door.ask(MINE, "POST", b"{}", Content_Type="application/json", **headers)
    assert said.status == 201 and said.json["missing"] == []
    assert {line["service"]: line["id"] for line in said.json["items"]} == {name: f"request-{name}" for name in offices}
    for upstream in offices.values():
        (heard,) = [one for one in upstream.heard if one.target == MINE]
        assert (heard.method, heard.one("idempotency-key"), heard.one("content-length")) == ("POST", "my own key 1", "0")
        assert heard.one("x-deadline-seconds") == "3"
        assert heard.one("authorization") == headers["Authorization"] and heard.one("content-type") is None


def test_who_did_not_take_it_is_named_and_reached_by_asking_again(door: Any, offices: Any, issuer: Any) -> None:
    offices["licensing"].stop()
    try:
        said = door.ask(MINE, "POST", **asking(issuer))
        assert said.status == 201 and said.json["missing"] == ["licensing"] and len(said.json["items"]) == len(offices) - 1
    finally:
        offices["licensing"].start()
    assert door.ask(MINE, "POST", **asking(issuer)).json["missing"] == []


def test_what_nobody_takes_is_refused_as_they_refuse_it(door: Any, offices: Any, issuer: Any) -> None:
    refusal = json.dumps({"type": "/problems/idempotency-key-required", "title": "x", "status": 400}).encode()
    for upstream in offices.values():
        upstream.scripts[MINE] = lambda handler: handler.say(400, refusal)
    said = door.ask(MINE, "POST", **asking(issuer))
    assert (said.status, said.json["type"]) == (400, "/problems/idempotency-key-required")
    assert said.headers["Content-Type"] == "application/problem+json"


def test_without_a_token_or_with_a_body_of_ones_own_nobody_is_asked(door: Any, offices: Any, issuer: Any) -> None:
    assert door.ask(MINE, "POST").status == 401
    assert door.ask(MINE, "POST", b'{"about": "x"}', **asking(issuer)).status == 413
    for path, method, allowed in ((MINE, "DELETE", "GET, HEAD, POST"), ("/v1/me/cases", "POST", "GET, HEAD")):
        said = door.ask(path, method, **asking(issuer))
        assert (said.status, said.headers["Allow"]) == (405, allowed)
    assert not any(one.target == MINE for upstream in offices.values() for one in upstream.heard)


def test_one_office_is_asked_under_its_name(door: Any, upstreams: Any, issuer: Any) -> None:
    for name in upstreams:
        for path in (f"{MINE}/{name}", f"{MINE}/{name}/7", f"/v1/work-queues/{name}/data-requests/7/answer"):
            assert door.ask(path, "POST", b"{}", **asking(issuer)).json == {"service": name, "target": path}
    assert door.ask(f"{MINE}/nobody", "POST", b"{}", **asking(issuer)).status == 404
