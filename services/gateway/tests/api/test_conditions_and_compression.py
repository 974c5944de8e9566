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
