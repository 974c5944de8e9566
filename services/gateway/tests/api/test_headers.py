"""Which headers pass, which stop at the door, both ways; and what every answer carries."""

import re
from typing import Any

import pytest

STRIPPED = {
    "Keep-Alive": "timeout=5", "TE": "trailers", "Trailer": "X-Sum", "Upgrade": "websocket", "Proxy-Authorization": "Basic x", "Proxy-Connection": "close",
    "X-User-Id": "admin", "X-User-Roles": "admin", "X-Forwarded-For": "6.6.6.6", "X-Forwarded-Host": "evil", "X-Forwarded-Proto": "https",
    "X-Forwarded-User": "admin", "Forwarded": "for=6.6.6.6", "X-Real-IP": "6.6.6.6", "X-Original-URL": "/v1/payments", "X-Rewrite-URL": "/v1/payments",
    "X-HTTP-Method-Override": "DELETE", "X-Remote-User": "admin", "X-Client-IP": "6.6.6.6", "X-Auth-User": "admin", "Via": "1.1 evil",
    "X-Deadline-Seconds": "9999",
}  # fmt: skip


def test_hop_by_hop_forwarding_and_identity_headers_stop_at_the_door(door: Any, upstreams: Any) -> None:
    assert door.ask("/v1/permits/1", **{name.replace("-", "_"): value for name, value in STRIPPED.items()}).status == 200
    (heard,) = upstreams["licensing"].heard
    arrived = {name.lower() for name, _ in heard.headers} & {name.lower() for name in STRIPPED}
    assert arrived == {"x-forwarded-for", "x-deadline-seconds"}
    assert heard.one("x-forwarded-for") == "127.0.0.1" and heard.one("x-deadline-seconds") == "15"


def test_what_connection_names_stops_too(door: Any, upstreams: Any) -> None:
    door.ask("/v1/permits/1", Connection="close, X-Secret", X_Secret="1", X_Other="2")
    (heard,) = upstreams["licensing"].heard
    assert heard.one("x-secret") is None and heard.one("x-other") == "2" and heard.one("connection") is None


def test_what_any_line_of_connection_names_stops_too_both_ways(door: Any, upstreams: Any) -> None:
    def inner(handler: Any) -> None:
        handler.send_response(200)
        for name in ("X-First", "X-Second"):
            handler.send_header("Connection", name)
            handler.send_header(name, "1")
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"{}")

    upstreams["licensing"].scripts["/"] = inner
    said = door.raw(b"GET /v1/permits/1 HTTP/1.1\r\nHost: a\r\nConnection: X-Secret\r\nX-Secret: 1\r\nConnection: close\r\n\r\n")
    (heard,) = upstreams["licensing"].heard
    assert heard.one("x-secret") is None and b"200 OK" in said
    assert b"X-First" not in said and b"X-Second" not in said


def test_a_caller_that_wants_the_connection_closed_among_other_things_gets_its_end(door: Any) -> None:
    with door.connect() as connection:
        connection.sendall(b"GET /v1/permits/1 HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE, close\r\n\r\n")
        assert b"Connection: close" in connection.recv(65536)


def test_a_header_with_an_underscore_is_not_taken_for_one_with_a_hyphen(door: Any, upstreams: Any) -> None:
    assert b"200 OK" in door.raw(b"GET /v1/permits/1 HTTP/1.1\r\nHost: a\r\nX_Forwarded_For: 6.6.6.6\r\nScript_Name: /v1\r\n\r\n")
    (heard,) = upstreams["licensing"].heard
    assert not [name for name, _ in heard.headers if "_" in name] and heard.one("x-forwarded-for") == "127.0.0.1"


def test_the_callers_own_headers_pass_in_their_order_and_number(door: Any, upstreams: Any) -> None:
    sent = b"Accept-Language: en\r\nCookie: a=1\r\nX-Timestamp: 2026\r\nX-Signature: z\r\nAccept: a/b\r\nAccept: c/d\r\nIdempotency-Key: k-1\r\n"
    door.raw(b"POST /snap/v1.0/transfer-va/payment HTTP/1.1\r\nHost: a\r\n" + sent + b"Content-Length: 2\r\n\r\nhi")
    (heard,) = upstreams["finance-sts"].heard
    told = [(name.lower(), value) for name, value in heard.headers]
    wanted = [(name.lower(), value) for name, _, value in (line.partition(": ") for line in sent.decode().splitlines())]
    assert [line for line in told if line in wanted] == wanted and heard.body == b"hi"


def test_the_host_is_the_suites_and_not_what_a_caller_says(door: Any, upstreams: Any) -> None:
    door.ask("/v1/permits/1", Host="evil.example")
    assert upstreams["licensing"].heard[0].one("host") == "127.0.0.1:8080"


def test_the_answers_hop_by_hop_identity_and_server_headers_stop_at_the_door(door: Any, upstreams: Any) -> None:
    upstreams["licensing"].scripts["/"] = lambda handler: handler.say(
        200, b"{}", Connection="X-Inner", X_Inner="1", Keep_Alive="timeout=5", X_User_Id="7", X_Powered_By="Python", Upgrade="h2c", ETag='"3"',
        Location="/v1/permits/2", Link="</v1/permits?cursor=x>; rel=next",
    )  # fmt: skip
    said = door.ask("/v1/permits/1")
    assert not {"x-inner", "keep-alive", "x-user-id", "x-powered-by", "upgrade", "server"} & {name.lower() for name in said.headers}
    assert (said.headers["ETag"], said.headers["Location"]) == ('"3"', "/v1/permits/2") and said.headers["Link"]
    assert all(len(said.headers.get_all(name)) == 1 for name in ("Date", "Content-Length", "Content-Type"))


@pytest.mark.parametrize("path", ["/v1/permits/1", "/v1/unknown", "/docs", "/openapi.json", "/healthz", "/v1/me/cases"])
def test_every_answer_has_the_security_headers_once(door: Any, path: str) -> None:
    headers = door.ask(path).headers
    assert headers.get_all("X-Content-Type-Options") == ["nosniff"] and headers.get_all("X-Frame-Options") == ["DENY"]
    assert headers.get_all("Referrer-Policy") == ["no-referrer"] and "max-age=31536000" in headers["Strict-Transport-Security"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin" and "camera=()" in headers["Permissions-Policy"]
    assert headers["Cache-Control"] and "Server" not in headers


def test_what_a_service_says_of_caching_stands(door: Any, upstreams: Any) -> None:
    upstreams["licensing"].scripts["/"] = lambda handler: handler.say(
        200, b"{}", Cache_Control="private, max-age=60", X_Frame_Options="SAMEORIGIN"
    )
    headers = door.ask("/v1/permits/1").headers
    assert headers.get_all("Cache-Control") == ["private, max-age=60"] and headers.get_all("X-Frame-Options") == ["SAMEORIGIN"]


def test_request_id_and_trace_are_made_where_none_came(door: Any, upstreams: Any) -> None:
    first, second = door.ask("/v1/permits/1"), door.ask("/v1/permits/1")
    heard = upstreams["licensing"].heard
    assert [one.one("x-request-id") for one in heard] == [first.headers["X-Request-Id"], second.headers["X-Request-Id"]]
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", heard[0].one("traceparent") or "")


def test_a_plain_request_id_and_the_trace_of_the_caller_go_on(door: Any, upstreams: Any) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    said = door.ask("/v1/permits/1", X_Request_Id="abc-123", traceparent=f"00-{trace}-b7ad6b7169203331-01")
    (heard,) = upstreams["licensing"].heard
    assert said.headers["X-Request-Id"] == heard.one("x-request-id") == "abc-123"
    told = heard.one("traceparent") or ""
    assert told.split("-")[1] == trace and told.split("-")[2] != "b7ad6b7169203331"


@pytest.mark.parametrize("value", ["a b", "a" * 65, "é", "<script>", "a;b", ""])
def test_an_odd_request_id_is_replaced(door: Any, upstreams: Any, value: str) -> None:
    said = door.ask("/v1/permits/1", X_Request_Id=value.encode("latin-1"))
    assert said.headers["X-Request-Id"] != value and upstreams["licensing"].heard[0].one("x-request-id") == said.headers["X-Request-Id"]


def test_an_allowed_origin_may_read_the_answer_and_no_other(door: Any) -> None:
    allowed = door.ask("/v1/permits/1", Origin="https://portal.test").headers
    assert allowed["Access-Control-Allow-Origin"] == "https://portal.test" and "ETag" in allowed["Access-Control-Expose-Headers"]
    for origin in ("https://portal.test.evil", "http://portal.test", "https://PORTAL.test", "null", "*", "https://portal.test:443", ""):
        other = door.ask("/v1/permits/1", Origin=origin).headers
        assert "Access-Control-Allow-Origin" not in other and "Origin" in other["Vary"]
    assert "Access-Control-Allow-Credentials" not in allowed


def test_a_preflight_is_answered_here_and_only_for_an_allowed_origin(door: Any, upstreams: Any) -> None:
    asked = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "authorization"}
    allowed = door.ask("/v1/permits", "OPTIONS", Origin="https://portal.test", **asked)
    assert allowed.status == 204 and "POST" in allowed.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in allowed.headers["Access-Control-Allow-Headers"] and allowed.headers["Access-Control-Allow-Origin"]
    refused = door.ask("/v1/permits", "OPTIONS", Origin="https://evil.test", **asked)
    assert not [name for name in refused.headers if name.lower().startswith("access-control")]
    assert not upstreams["licensing"].heard


def test_behind_a_proxy_of_ours_the_caller_is_who_it_says_and_no_further(a_door: Any, upstreams: Any) -> None:
    door = a_door(TRUSTED_PROXIES="127.0.0.0/8,10.0.0.0/8")
    for told, caller in {
        "7.7.7.7": "7.7.7.7",
        "6.6.6.6, 7.7.7.7, 10.1.2.3": "7.7.7.7",
        "not an address, 7.7.7.7": "7.7.7.7",
        "::ffff:7.7.7.7": "7.7.7.7",
        "2001:db8::7": "2001:db8::7",
        "7.7.7.7, not an address": "127.0.0.1",
        "not an address": "127.0.0.1",
        "10.1.1.1": "127.0.0.1",
        "6.6.6.6, 7.7.7.7\r\nX-Forwarded-For: 10.1.2.3": "7.7.7.7",
    }.items():
        door.raw(f"GET /v1/permits/1 HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: {told}\r\n\r\n".encode())
        assert upstreams["licensing"].heard[-1].all("x-forwarded-for") == [caller]
    door.ask("/v1/permits/1", X_Forwarded_For="7.7.7.7", Connection="close, X-Forwarded-For")
    assert upstreams["licensing"].heard[-1].all("x-forwarded-for") == ["7.7.7.7"], "the caller cannot make a proxy forget it"
