"""Entity tags pass both ways; texts are made small for who asks; public answers are kept a while."""

import gzip
import json
from typing import Any

import pytest

LONG = json.dumps([{"name": f"Jalan Sisingamangaraja {number}"} for number in range(400)]).encode()


def tagged(handler: Any) -> None:
    if '"3"' in (handler.headers.get("If-None-Match") or ""):
        return handler.say(304, b"", ETag='"3"')
    if handler.headers.get("If-Match") not in (None, '"3"'):
        return handler.say(412, b"{}")
    handler.say(200, LONG, ETag='"3"')


def test_entity_tags_pass_both_ways(door: Any, upstreams: Any) -> None:
    upstreams["licensing"].scripts["/"] = tagged
    tag = door.ask("/v1/permits/1").headers["ETag"]
    again = door.ask("/v1/permits/1", If_None_Match=tag)
    assert (tag, again.status, again.body, again.headers["ETag"]) == ('"3"', 304, b"", '"3"')
    assert door.ask("/v1/permits/1/revocation", "POST", If_Match='"3"').status == 200
    assert door.ask("/v1/permits/1/revocation", "POST", If_Match='"2"').status == 412


def test_a_range_passes_as_it_is(door: Any, upstreams: Any) -> None:
    upstreams["licensing"].scripts["/"] = lambda handler: handler.say(
        206, b"cd", Content_Range="bytes 2-3/9", Content_Type="application/pdf"
    )
    said = door.ask("/v1/permits/1/document", Range="bytes=2-3")
    assert (said.status, said.body, said.headers["Content-Range"]) == (206, b"cd", "bytes 2-3/9")
    assert upstreams["licensing"].heard[0].one("range") == "bytes=2-3"


@pytest.mark.parametrize("size", [LONG, LONG * 20])
def test_texts_are_small_for_who_takes_gzip(door: Any, upstreams: Any, size: bytes) -> None:
    upstreams["licensing"].scripts["/"] = lambda handler: handler.say(200, size, ETag='"3"')
    said, plain = door.ask("/v1/permits", Accept_Encoding="br, gzip"), door.ask("/v1/permits")
    assert said.headers["Content-Encoding"] == "gzip" and gzip.decompress(said.body) == size and len(said.body) < len(size) / 5
    assert plain.body == size and plain.headers["Content-Encoding"] is None
    assert "Accept-Encoding" in said.headers["Vary"] and "Accept-Encoding" in plain.headers["Vary"]


def test_the_tag_of_a_small_text_is_understood_when_it_comes_back(door: Any, upstreams: Any) -> None:
    upstreams["licensing"].scripts["/"] = tagged
    tag = door.ask("/v1/permits/1", Accept_Encoding="gzip").headers["ETag"]
    assert tag == '"3-gzip"'
    assert door.ask("/v1/permits/1", If_None_Match=tag, Accept_Encoding="gzip").status == 304
    assert door.ask("/v1/permits/1/revocation", "POST", If_Match=tag).status == 200


@pytest.mark.parametrize(
    "accepted, headers, body",
    [("gzip;q=0", {}, LONG), ("identity", {}, LONG), ("gzip", {"Content_Type": "application/pdf"}, LONG), ("gzip", {}, b"{}"),
     ("gzip", {"Content_Encoding": "br"}, LONG), ("gzip", {"Cache_Control": "no-transform"}, LONG)],
)  # fmt: skip
def test_what_is_not_asked_for_or_not_worth_it_stays(
    door: Any, upstreams: Any, accepted: str, headers: dict[str, str], body: bytes
) -> None:
    upstreams["licensing"].scripts["/"] = lambda handler: handler.say(200, body, **headers)
    said = door.ask("/v1/permits", Accept_Encoding=accepted)
    assert said.body == body and said.headers["Content-Encoding"] != "gzip"


def counting(**headers: str) -> Any:
    """An answer that says how often it was given."""
    given = []

    def say(handler: Any) -> None:
        given.append(1)
        handler.say(200, b"%d" % len(given), **headers)

    return say


PUBLIC = {"Cache_Control": "public, max-age=300"}


def twice(door: Any, path: str, first: dict[str, str], second: dict[str, str]) -> list[bytes]:
    return [door.ask(path, **first).body, door.ask(path, **second).body]


def test_a_public_answer_is_kept(door: Any, upstreams: Any) -> None:
    upstreams["licensing"].scripts["/v1/tariffs"] = counting(**PUBLIC, ETag='"t1"')
    assert twice(door, "/v1/tariffs?kept", {}, {}) == [b"1", b"1"]
    again = door.ask("/v1/tariffs?kept", If_None_Match='"t1"')
    assert again.status == 304 and again.headers["Age"] and again.headers["ETag"] == '"t1"'
    head = door.ask("/v1/tariffs?kept", "HEAD")
    assert (head.body, head.headers["Content-Length"]) == (b"", "1") and len(upstreams["licensing"].heard) == 1


@pytest.mark.parametrize(
    "name, headers, first, second",
    [("silent", {}, {}, {}), ("private", {"Cache_Control": "private, max-age=300"}, {}, {}), ("no-store", {"Cache_Control": "public, no-store, max-age=9"}, {}, {}),
     ("no age", {"Cache_Control": "public"}, {}, {}), ("age 0", {"Cache_Control": "public, max-age=0"}, {}, {}),
     ("cookie set", {**PUBLIC, "Set_Cookie": "a=1"}, {}, {}), ("varies always", {**PUBLIC, "Vary": "*"}, {}, {}),
     ("cookie", PUBLIC, {}, {"Cookie": "a=1"}), ("token", PUBLIC, {}, {"Authorization": "Basic x"}), ("range", PUBLIC, {}, {"Range": "bytes=0-1"}),
     ("fresh", PUBLIC, {}, {"Cache_Control": "no-cache"}), ("varied", {**PUBLIC, "Vary": "Accept"}, {"Accept": "a/b"}, {"Accept": "c/d"}),
     ("language", PUBLIC, {"Accept_Language": "id"}, {"Accept_Language": "en"})],
)  # fmt: skip
def test_what_is_not_for_everybody_is_asked_each_time(
    door: Any, upstreams: Any, name: str, headers: dict[str, str], first: dict[str, str], second: dict[str, str]
) -> None:
    upstreams["licensing"].scripts["/v1/tariffs"] = counting(**headers)
    assert twice(door, f"/v1/tariffs?{name.replace(' ', '-')}", first, second) == [b"1", b"2"]


def test_a_kept_answer_is_readable_for_the_allowed_origin_alone(door: Any, upstreams: Any) -> None:
    upstreams["licensing"].scripts["/v1/tariffs"] = counting(**PUBLIC)
    allowed = door.ask("/v1/tariffs?origin", Origin="https://portal.test")
    other = door.ask("/v1/tariffs?origin", Origin="https://evil.test")
    assert allowed.headers["Access-Control-Allow-Origin"] and "Access-Control-Allow-Origin" not in other.headers
    assert (allowed.body, other.body) == (b"1", b"1") and allowed.headers["X-Request-Id"] != other.headers["X-Request-Id"]


def in_its_language(handler: Any) -> None:
    """As a service does: the first language of all that were named."""
    accepted = ",".join(handler.headers.get_all("Accept-Language") or [])
    handler.say(200, b"English" if accepted.startswith("en") else b"Indonesian", **PUBLIC)


@pytest.mark.parametrize(
    "poison",
    [b"Accept-Language: id\r\nAccept-Language: en\r\n", b"Connection: accept-language\r\nAccept-Language: en\r\n",
     b"Connection: close\r\nConnection: accept-language\r\nAccept-Language: en\r\n"],
    ids=["two lines", "for this connection alone", "in another line"],
)  # fmt: skip
def test_what_was_asked_in_an_odd_way_is_not_given_to_others(door: Any, upstreams: Any, request: Any, poison: bytes) -> None:
    upstreams["licensing"].scripts["/v1/tariffs"] = in_its_language
    target = "/v1/tariffs?" + request.node.callspec.id.replace(" ", "-")
    door.raw(b"GET %b HTTP/1.1\r\nHost: a\r\n%b\r\n" % (target.encode(), poison))
    assert door.ask(target, Accept_Language="en").body == b"English"


def test_a_kept_answer_has_nothing_of_who_asked_first(door: Any, upstreams: Any) -> None:
    upstreams["licensing"].scripts["/v1/tariffs"] = lambda handler: handler.say(
        200, b"{}", **PUBLIC, X_Request_Id=handler.headers["X-Request-Id"]
    )
    first, second = (door.ask("/v1/tariffs?who", X_Request_Id=name).headers["X-Request-Id"] for name in ("first", "second"))
    assert (first, second, len(upstreams["licensing"].heard)) == ("first", "second", 1)


def test_what_a_service_says_in_several_lines_counts_whole(door: Any, upstreams: Any) -> None:
    def several(handler: Any) -> None:
        handler.send_response(200)
        for name, value in (
            ("Vary", "X-A"),
            ("Vary", "Accept"),
            ("Cache-Control", "max-age=300"),
            ("Cache-Control", "public"),
            ("Content-Length", "3"),
        ):
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(handler.headers["Accept"].encode())

    upstreams["licensing"].scripts["/v1/tariffs"] = several
    first, second = (door.ask("/v1/tariffs?lines", Accept=name) for name in ("a/b", "c/d"))
    assert (first.body, second.body) == (b"a/b", b"c/d") and door.ask("/v1/tariffs?lines", Accept="a/b").headers["Age"]
    assert {"x-a", "accept"} <= {word.strip().lower() for word in ", ".join(first.headers.get_all("Vary")).split(",")}


def test_not_modified_names_the_bytes_the_caller_has(door: Any, upstreams: Any) -> None:
    upstreams["licensing"].scripts["/v1/permits"] = tagged
    upstreams["licensing"].scripts["/v1/tariffs"] = lambda handler: handler.say(200, LONG, ETag='W/"t"', **PUBLIC)
    for path, plain, small in (("/v1/permits/1", '"3"', '"3-gzip"'), ("/v1/tariffs?tags", 'W/"t"', 'W/"t-gzip"')):
        for accepted, tag in (("gzip", small), ("identity", plain)):
            assert door.ask(path, Accept_Encoding=accepted).headers["ETag"] == tag
            again = door.ask(path, Accept_Encoding=accepted, If_None_Match=tag)
            assert (again.status, again.headers["ETag"]) == (304, tag) and "Accept-Encoding" in again.headers["Vary"]


def test_a_piece_of_a_small_text_is_not_completed_with_one_of_the_large(door: Any, upstreams: Any) -> None:
    """Whoever has the beginning of the gzipped bytes gets all of them anew, not the end of the others."""

    def pieces(handler: Any) -> None:
        if handler.headers.get("Range") and handler.headers.get("If-Range") == '"3"':
            return handler.say(206, LONG[9:], ETag='"3"', Content_Range=f"bytes 9-{len(LONG) - 1}/{len(LONG)}")
        handler.say(200, LONG, ETag='"3"', Accept_Ranges="bytes")

    upstreams["licensing"].scripts["/"] = pieces
    small = door.ask("/v1/permits", Accept_Encoding="gzip")
    assert (small.headers["ETag"], small.headers["Accept-Ranges"]) == ('"3-gzip"', None)
    assert door.ask("/v1/permits", Accept_Encoding="gzip", Range="bytes=9-", If_Range='"3-gzip"').status == 200
    assert door.ask("/v1/permits", Range="bytes=9-", If_Range='"3"').body == LONG[9:]
