"""Rate, errors and duration, by route and by service, from the process that serves."""

import re
import socket
import urllib.request
from collections.abc import Callable
from contextlib import closing
from typing import Any

from gateway.upstream import OPENS_AFTER


def short(handler: Any) -> None:
    """Breaks off within a small answer."""
    handler.say(200, b"{", Content_Length="2")
    handler.close_connection = True


def watched(a_door: Any) -> tuple[Any, Callable[[], str]]:
    """A door, and how its metrics are read."""
    with closing(socket.create_server(("127.0.0.1", 0))) as held:
        port = held.getsockname()[1]
    door = a_door(METRICS_PORT=str(port))
    return door, lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode()


def test_requests_are_counted_by_the_tables_line_and_away_services_by_name(a_door: Any, upstreams: Any) -> None:
    door, ask = watched(a_door)
    for path in ("/v1/permits/1", "/v1/permits/2?q=3", "/v1/unknown/1", "/v1/unknown/2", "/v1/me/other", "/favicon.ico"):
        door.ask(path)
    door.raw(b"GET /v1/permits HTTP/1.1\r\nHost: a/b\r\n\r\n")
    door.raw(b"GET /v1/permits\r\n\r\n")
    door.ask("/v1/permits", "BREW")
    upstreams["complaints"].scripts["/"] = lambda handler: setattr(handler, "close_connection", True)
    door.ask("/v1/complaints")
    said = ask()
    assert all('route="/v1/complaints"' in ask() for _ in range(20)), "the process that serves is the one that tells"
    counts = {
        tuple(re.findall(r'"([^"]*)"', line)): float(line.split()[-1])
        for line in said.splitlines()
        if line.startswith("http_requests_total{")
    }
    counts = {(route, method, code): count for (code, method, route), count in counts.items() if route != "/healthz"}
    assert counts == {
        ("/v1/permits", "GET", "200"): 2, ("(none)", "GET", "404"): 4, ("/v1/permits", "GET", "400"): 1, ("(unreadable)", "OTHER", "400"): 1,
        ("/v1/permits", "OTHER", "405"): 1, ("/v1/complaints", "GET", "503"): 1,
    }  # fmt: skip
    assert 'http_request_duration_seconds_count{method="GET",route="/v1/permits"} 3.0' in said
    assert 'upstream_away_total{reason="not reachable",upstream="complaints"} 1.0' in said
    assert 'upstream_breaker_open{upstream="complaints"} 0.0' in said and 'upstream_in_flight{upstream="complaints"} 0.0' in said
    for _ in range(OPENS_AFTER):
        door.ask("/v1/complaints")
    said = ask()
    assert 'upstream_breaker_open{upstream="complaints"} 1.0' in said and 'upstream_breaker_open{upstream="licensing"} 0.0' in said


def test_how_long_a_service_takes_and_with_what_it_ends_is_told_by_its_name(a_door: Any, upstreams: Any, issuer: Any) -> None:
    door, ask = watched(a_door)
    upstreams["complaints"].scripts["/"] = lambda handler: setattr(handler, "close_connection", True)
    for path in ("/v1/permits/1", "/v1/permits/2", "/v1/complaints"):
        door.ask(path)
    said = ask()
    assert 'upstream_answer_seconds_count{outcome="2xx",upstream="licensing"} 2.0' in said
    assert 'upstream_answer_seconds_count{outcome="5xx",upstream="complaints"}' not in said, "who is away has not answered"
    upstreams["finance-sts"].scripts["/v1/me/"] = lambda handler: handler.say(500, b"{}")
    door.ask("/v1/me/cases", Authorization=f"Bearer {issuer.token('budi')}")
    upstreams["licensing"].scripts["/v1/permits/short"] = short
    assert door.ask("/v1/permits/short").status == 503
    said = ask()
    assert 'upstream_answer_seconds_count{outcome="5xx",upstream="finance-sts"} 1.0' in said
    assert 'upstream_answer_seconds_count{outcome="2xx",upstream="licensing"} 4.0' in said, (
        "its part of me/cases counts, and what broke off began"
    )
    assert 'upstream_away_total{reason="ended early",upstream="licensing"} 1.0' in said
