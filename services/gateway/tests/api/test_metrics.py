"""Rate, errors and duration, by route and by service, from the process that serves."""

import re
import socket
import urllib.request
from contextlib import closing
from typing import Any

from gateway.upstream import OPENS_AFTER


def test_requests_are_counted_by_the_tables_line_and_away_services_by_name(a_door: Any, upstreams: Any) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as held:
        port = held.getsockname()[1]
    door = a_door(METRICS_PORT=str(port))
    for path in ("/v1/permits/1", "/v1/permits/2?q=3", "/v1/unknown/1", "/v1/unknown/2", "/v1/me/other", "/favicon.ico"):
        door.ask(path)
    door.raw(b"GET /v1/permits HTTP/1.1\r\nHost: a/b\r\n\r\n")
    door.raw(b"GET /v1/permits\r\n\r\n")
    door.ask("/v1/permits", "BREW")
    upstreams["complaints"].scripts["/"] = lambda handler: setattr(handler, "close_connection", True)
    door.ask("/v1/complaints")
    ask = lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode()
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
