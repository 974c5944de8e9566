"""Every line of the table is carried to its service, byte for byte; what is not in it goes nowhere."""

from typing import Any

import pytest

from gateway.routes import OF_SERVICE, SERVICE_SECOND

LINES = [
    *((f"/v1/{word}", service) for service, words in OF_SERVICE.items() for word in words),
    *((f"/v1/{first}/{service}", service) for first in SERVICE_SECOND for service in OF_SERVICE),
    ("/v1/verify/L7K2-MMQ", "licensing"), ("/v1/verify/F7K2-MMQ", "finance-sts"), ("/v1/verify/r7k2-mmq", "civil-registry"),
    ("/v1/verify/X7K2-MMQ", "licensing"), ("/v1/verify/%3F", "licensing"),
    ("/snap/v1.0/transfer-va/payment", "finance-sts"), ("/open311/v2/services.json", "complaints"),
    ("/oauth/token", "identity"), ("/.well-known/openid-configuration", "identity"),
]  # fmt: skip


@pytest.mark.parametrize("path, service", LINES)
def test_every_line_of_the_table_goes_to_its_service(door: Any, upstreams: Any, path: str, service: str) -> None:
    said = door.ask(path)
    assert (said.status, said.json) == (200, {"service": service, "target": path})
    assert {name for name, upstream in upstreams.items() if upstream.heard} == {service}


@pytest.mark.parametrize("path, seconds", [("/v1/permits/1", "15"), ("/v1/open-data/licensing", "30"), ("/v1/statistics/licensing", "30")])
def test_how_long_a_route_may_take_is_told_to_its_service(door: Any, upstreams: Any, path: str, seconds: str) -> None:
    door.ask(path)
    assert upstreams["licensing"].heard[0].one("x-deadline-seconds") == seconds


def test_the_target_is_passed_byte_for_byte(door: Any, upstreams: Any) -> None:
    target = "/v1/permits/a%2Fb%20c;x=1/?q=%C3%A9+1&q=2&empty=&%5B"
    assert door.ask(target).json["target"] == target
    assert upstreams["licensing"].heard[0].target == target


@pytest.mark.parametrize("path", ["/v1/unknown", "/v1", "/v1/permit", "/internal/metrics", "/metrics", "/favicon.ico", "/v1/me/secrets"])
def test_an_unknown_path_is_404_and_reaches_nobody(door: Any, upstreams: Any, path: str) -> None:
    said = door.ask(path, Accept_Language="en")
    assert said.status == 404 and said.headers["Content-Type"] == "application/problem+json"
    assert said.json["type"] == "/problems/not-found" and said.json["status"] == 404 and said.json["title"] == "Not found"
    assert not any(upstream.heard for upstream in upstreams.values())


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "TRACK"])
def test_an_unknown_method_is_405_with_allow_and_reaches_nobody(door: Any, upstreams: Any, method: str) -> None:
    said = door.ask("/v1/permits/1", method)
    assert said.status == 405 and "GET" in said.headers["Allow"] and method not in said.headers["Allow"]
    assert not upstreams["licensing"].heard


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/docs", "/openapi.json", "/v1/me/cases"])
def test_our_own_pages_take_no_post(door: Any, path: str) -> None:
    said = door.ask(path, "POST")
    assert said.status == 405 and said.headers["Allow"].startswith("GET")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_every_method_is_carried_as_it_is(door: Any, upstreams: Any, method: str) -> None:
    assert door.ask("/v1/bills/1", method, b'{"a":1}', Content_Type="application/json").status == 200
    heard = upstreams["finance-sts"].heard[0]
    assert (heard.method, heard.body, heard.one("content-type"), heard.one("content-length")) == (
        method,
        b'{"a":1}',
        "application/json",
        "7",
    )


def test_head_has_the_headers_and_no_body(door: Any, upstreams: Any) -> None:
    for path in ("/v1/permits/1", "/docs", "/healthz"):
        whole, head = door.ask(path), door.ask(path, "HEAD")
        assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(whole.body)))
    assert [heard.method for heard in upstreams["licensing"].heard] == ["GET", "HEAD"]


def test_words_are_in_the_language_asked_for(door: Any) -> None:
    assert door.ask("/v1/unknown", Accept_Language="en-GB,en;q=0.9").json["title"] == "Not found"
    assert door.ask("/v1/unknown").json["title"] != "Not found"
