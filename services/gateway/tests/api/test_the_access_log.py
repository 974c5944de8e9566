"""One line of JSON a request, with what is needed to watch the door and nothing of who came or what they asked."""

import json
from typing import Any

from smartcity.testing.tokens import Issuer

TOLD = {
    "route", "method", "status", "duration_ms", "upstream", "event", "level", "timestamp", "service", "request_id", "trace_id", "correlation_id",
}  # fmt: skip


def test_each_request_is_one_line_of_json_with_nothing_of_the_caller_in_it(a_door: Any, issuer: Issuer) -> None:
    door = a_door()
    token = issuer.token("0198c0de-0000-7000-8000-00000000b0d1", "citizen")
    asked = [
        door.ask(
            "/v1/permits/1271010101900001?name=Tiurma", Authorization=f"Bearer {token}", User_Agent="Tiurmas own", Accept_Language="en"
        ),
        door.ask("/v1/permits", "POST", b'{"name": "Tiurma"}', Cookie="Tiurma", Origin="https://tiurma.test"),
        door.ask("/v1/unknown/Tiurma"),
        door.ask("/docs"),
    ]
    said = [json.loads(line) for line in door.log.read_text().splitlines()]
    found = {line["request_id"]: line for line in said if line["event"] == "request carried"}
    lines = [found[one.headers["X-Request-Id"]] for one in asked]
    assert [(line["route"], line["method"], line["status"], line["upstream"]) for line in lines] == [
        ("/v1/permits", "GET", 200, "licensing"), ("/v1/permits", "POST", 200, "licensing"), ("(none)", "GET", 404, "gateway"), ("/docs", "GET", 200, "gateway"),
    ]  # fmt: skip
    assert all(set(line) == TOLD and line["duration_ms"] >= 0 for line in lines)
    assert not [word for word in ("Tiurma", "tiurma", "1271010101900001", "b0d1", "127.0.0.1", token) if word in door.log.read_text()]
    assert len(found) == len([line for line in said if line["event"] == "request carried"]), "one each"
