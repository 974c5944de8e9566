"""Requests that two readers could understand differently: refused, the connection ended, and nothing of them reaches a service."""

from typing import Any

import pytest

HOST = b"Host: 127.0.0.1\r\n"
INNER = b"GET /v1/bills/smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /v1/bills HTTP/1.1\r\n" + HOST
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"

CORPUS = {
    "length and chunks": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + INNER,
    "chunks and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 60\r\n\r\n0\r\n\r\n" + INNER,
    "two lengths": POST + b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + INNER,
    "the same length twice": POST + b"Content-Length: 0\r\nContent-Length: 0\r\n\r\n" + INNER,
    "two lengths in one line": POST + b"Content-Length: 0, 44\r\n\r\n" + INNER,
    "a signed length": POST + b"Content-Length: +1\r\n\r\nx" + INNER,
    "a negative length": POST + b"Content-Length: -1\r\n\r\n" + INNER,
    "a length in hexadecimal": POST + b"Content-Length: 0x2\r\n\r\nxx" + INNER,
    "a length with an underscore": POST + b"Content-Length: 1_0\r\n\r\n0123456789" + INNER,
    "a length with a space in it": POST + b"Content-Length: 1 0\r\n\r\n" + INNER,
    "an empty length": POST + b"Content-Length:\r\n\r\n" + INNER,
    "a length in superscript": POST + "Content-Length: ²\r\n\r\n".encode("latin-1") + INNER,
    "a length of thirty digits": POST + b"Content-Length: " + b"0" * 29 + b"1\r\n\r\nx" + INNER,
    "coding twice": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + INNER,
    "coding twice in one line": POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + INNER,
    "another coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + INNER,
    "identity coding": POST + b"Transfer-Encoding: identity\r\nContent-Length: 0\r\n\r\n" + INNER,
    "compressed and chunked": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + INNER,
    "chunked is not last": POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n" + INNER,
    "a vertical tab before chunked": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + INNER,
    "chunks in HTTP/1.0": CHUNKED.replace(b"HTTP/1.1", b"HTTP/1.0", 1) + b"0\r\n\r\n" + INNER,
    "a chunk size that is none": CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n" + INNER,
    "a signed chunk size": CHUNKED + b"+3\r\nabc\r\n0\r\n\r\n" + INNER,
    "a chunk size with 0x": CHUNKED + b"0x3\r\nabc\r\n0\r\n\r\n" + INNER,
    "a chunk size with an underscore": CHUNKED + b"0_3\r\nabc\r\n0\r\n\r\n" + INNER,
    "an empty chunk size": CHUNKED + b"\r\nabc\r\n0\r\n\r\n" + INNER,
    "a chunk longer than told": CHUNKED + b"3\r\nabcdef\r\n0\r\n\r\n" + INNER,
    "a chunk that ends in LF alone": CHUNKED + b"3\r\nabc\n0\r\n\r\n" + INNER,
    "a chunk size that ends in LF alone": CHUNKED + b"3\nabc\r\n0\r\n\r\n" + INNER,
    "a bare CR in a chunk's extension": CHUNKED + b"3;a\rb\r\nabc\r\n0\r\n\r\n" + INNER,
    "a length in the trailers": CHUNKED + b"0\r\nContent-Length: 44\r\n\r\n" + INNER,
    "a host in the trailers": CHUNKED + b"0\r\nHost: evil\r\n\r\n" + INNER,
    "a folded line": POST + b"X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n" + INNER,
    "a folded coding": POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + INNER,
    "a space before the colon": POST + b"Content-Length : 0\r\n\r\n" + INNER,
    "a tab before the colon": POST + b"Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n" + INNER,
    "a space before the first name": b"GET /v1/bills HTTP/1.1\r\n Host: a\r\n\r\n" + INNER,
    "a header without a colon": POST + b"Content-Length 0\r\n\r\n" + INNER,
    "a header without a name": POST + b": x\r\nContent-Length: 0\r\n\r\n" + INNER,
    "a name that is no token": POST + b"Cont(ent: x\r\nContent-Length: 0\r\n\r\n" + INNER,
    "NUL in a value": POST + b"X-A: a\x00b\r\nContent-Length: 0\r\n\r\n" + INNER,
    "NUL in a name": POST + b"X\x00A: b\r\nContent-Length: 0\r\n\r\n" + INNER,
    "a bare CR in a value": POST + b"X-A: a\rContent-Length: 44\r\nContent-Length: 0\r\n\r\n" + INNER,
    "a bare LF between headers": b"POST /v1/bills HTTP/1.1\nHost: a\nContent-Length: 0\n\n" + INNER,
    "a bare LF after one header": POST + b"X-A: b\nContent-Length: 44\r\nContent-Length: 0\r\n\r\n" + INNER,
    "no host": b"GET /v1/bills HTTP/1.1\r\n\r\n" + INNER,
    "two hosts": b"GET /v1/bills HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + INNER,
    "a host with a path": b"GET /v1/bills HTTP/1.1\r\nHost: a/b\r\n\r\n" + INNER,
    "a host with a user": b"GET /v1/bills HTTP/1.1\r\nHost: a@b\r\n\r\n" + INNER,
    "two tokens": b"GET /v1/bills HTTP/1.1\r\n" + HOST + b"Authorization: Basic a\r\nAuthorization: Basic b\r\n\r\n" + INNER,
    "two keys": POST + b"Idempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Length: 0\r\n\r\n" + INNER,
    "a length for this connection alone": POST + b"Connection: Content-Length\r\nContent-Length: 44\r\n\r\n" + INNER,
    "a coding for this connection alone": CHUNKED.replace(b"\r\n\r\n", b"\r\nConnection: close, transfer-encoding\r\n\r\n") + b"0\r\n\r\n" + INNER,
    "a host for this connection alone": b"GET /v1/bills HTTP/1.1\r\n" + HOST + b"Connection: host\r\n\r\n" + INNER,
    "a token for this connection alone": b"GET /v1/bills HTTP/1.1\r\n" + HOST + b"Authorization: Basic a\r\nConnection: authorization\r\n\r\n" + INNER,
    "an absolute target": b"GET http://127.0.0.1/v1/bills HTTP/1.1\r\n" + HOST + b"\r\n" + INNER,
    "an authority for a target": b"GET 127.0.0.1:80 HTTP/1.1\r\n" + HOST + b"\r\n" + INNER,
    "an asterisk for a target": b"OPTIONS * HTTP/1.1\r\n" + HOST + b"\r\n" + INNER,
    "a target with a space": b"GET /v1/bills HTTP/1.1 HTTP/1.1\r\n" + HOST + b"\r\n" + INNER,
    "a target with NUL": b"GET /v1/bills\x00 HTTP/1.1\r\n" + HOST + b"\r\n" + INNER,
    "a target that is not ASCII": "GET /v1/bills/é HTTP/1.1\r\n".encode() + HOST + b"\r\n" + INNER,
    "a target with a fragment": b"GET /v1/bills#x HTTP/1.1\r\n" + HOST + b"\r\n" + INNER,
    "dots that climb": b"GET /v1/bills/../payments HTTP/1.1\r\n" + HOST + b"\r\n" + INNER,
    "written dots that climb": b"GET /v1/bills/%2e%2e/payments HTTP/1.1\r\n" + HOST + b"\r\n" + INNER,
    "dots behind a written slash": b"GET /v1/bills/..%2fpayments HTTP/1.1\r\n" + HOST + b"\r\n" + INNER,
    "a backslash": b"GET /v1/bills\\..\\payments HTTP/1.1\r\n" + HOST + b"\r\n" + INNER,
    "a written line end in the target": b"GET /v1/bills/%0d%0aX-A:b HTTP/1.1\r\n" + HOST + b"\r\n" + INNER,
    "two spaces in the first line": b"GET  /v1/bills HTTP/1.1\r\n" + HOST + b"\r\n" + INNER,
    "a tab in the first line": b"GET\t/v1/bills\tHTTP/1.1\r\n" + HOST + b"\r\n" + INNER,
    "no version": b"GET /v1/bills\r\n" + HOST + b"\r\n" + INNER,
    "another version": b"GET /v1/bills HTTP/3.1\r\n" + HOST + b"\r\n" + INNER,
    "a version with two digits": b"GET /v1/bills HTTP/1.10\r\n" + HOST + b"\r\n" + INNER,
    "a method in small letters": b"get /v1/bills HTTP/1.1\r\n" + HOST + b"\r\n" + INNER,
    "a body with GET": b"GET /v1/bills HTTP/1.1\r\n" + HOST + b"Content-Length: 44\r\n\r\n" + INNER,
    "chunks with GET": b"GET /v1/bills HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + INNER,
    "an expectation that is none": POST + b"Expect: 200-maybe\r\nContent-Length: 0\r\n\r\n" + INNER,
    "a header of 64 KiB": b"GET /v1/bills HTTP/1.1\r\n" + HOST + b"X-A: " + b"a" * 65536 + b"\r\n\r\n" + INNER,
    "two hundred headers": b"GET /v1/bills HTTP/1.1\r\n" + HOST + b"X-A: b\r\n" * 200 + b"\r\n" + INNER,
    "a target of 64 KiB": b"GET /v1/bills/" + b"a" * 65536 + b" HTTP/1.1\r\n" + HOST + b"\r\n" + INNER,
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + INNER,
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + INNER,
}  # fmt: skip


@pytest.mark.parametrize("request_", CORPUS.values(), ids=CORPUS)
def test_an_unclear_request_is_refused_and_reaches_no_service(door: Any, upstreams: Any, request_: bytes) -> None:
    said = door.raw(request_)
    assert said.count(b"HTTP/1.1 ") == 1 and said.startswith(b"HTTP/1.1 4"), said[:200]
    assert b"application/problem+json" in said and b"Connection: close" in said
    assert not [heard.target for upstream in upstreams.values() for heard in upstream.heard if heard.whole]
    assert not [heard for upstream in upstreams.values() for heard in upstream.heard if "smuggled" in heard.target]


def test_who_was_refused_before_it_was_told_to_send_its_body_begins_nothing_anew(door: Any, upstreams: Any) -> None:
    """It may leave the body out and ask something else: what comes next could be either."""
    said = door.raw(
        POST + b"Authorization: Bearer a.b.c\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(INNER) + INNER + INNER
    )
    assert said.startswith(b"HTTP/1.1 401 ") and b"Connection: close" in said and said.count(b"HTTP/1.1 ") == 1
    assert not upstreams["finance-sts"].heard


def test_a_refusal_repeats_nothing_of_what_was_sent(door: Any) -> None:
    said = door.raw(b"GET /v1/bills/<script>1271010101900001 HTTP/9.9\r\nHost: a\r\n\r\n")
    assert b"script" not in said and b"1271010101900001" not in door.log.read_bytes()


GOOD = {
    "chunks": CHUNKED + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
    "chunks with an extension": CHUNKED + b'3;name="va;lue"\r\nabc\r\n2 ;x\r\nde\r\n0\r\n\r\n',
    "chunks with trailers": CHUNKED + b"5\r\nabcde\r\n0\r\nX-Sum: 7\r\n\r\n",
    "the word chunked in capitals": POST + b"Transfer-Encoding: CHUNKED\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
    "a length": POST + b"Content-Length: 5\r\n\r\nabcde",
}


@pytest.mark.parametrize("request_", GOOD.values(), ids=GOOD)
def test_what_is_clear_passes_and_the_next_request_on_the_connection_too(door: Any, upstreams: Any, request_: bytes) -> None:
    said = door.raw(request_ + b"GET /v1/bills/next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert said.count(b"HTTP/1.1 200 OK") == 2
    first, second = upstreams["finance-sts"].heard
    assert (first.body, first.one("content-length"), first.one("transfer-encoding")) == (b"abcde", "5", None)
    assert (second.target, second.size) == ("/v1/bills/next", 0) and first.one("x-sum") is None
