"""What goes back: problems in two languages, JSON, pages; the headers every answer gets; compression."""

import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from http import HTTPStatus
from typing import Any

from gateway.incoming import Request
from gateway.wire import of_all_lines
from smartcity.http.languages import LANGUAGES, Messages

MESSAGES = Messages(("gateway",))
Header = tuple[str, str]
REASONS = {status.value: status.phrase for status in HTTPStatus}
SECURITY = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
    ("Cross-Origin-Resource-Policy", "same-site"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "geolocation=(self), camera=(), microphone=()"),
    ("Cache-Control", "no-store"),
)
SECURITY_NAMES = tuple(name.lower() for name, _ in SECURITY)
TEXTS = ("application/json", "application/problem+json", "application/geo+json", "application/cloudevents+json", "image/svg+xml")
GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?![.0-9]))", re.IGNORECASE)
WORTH_IT = 1024


def nothing() -> None:
    """Nothing is held."""


@dataclass
class Answer:
    """`body` whole or in parts; `length` in bytes as the caller is told, `None` where only the end tells. `close` when it was sent or not."""

    status: int
    headers: list[Header] = field(default_factory=list)
    body: bytes | Iterable[bytes] = b""
    length: int | None = None
    close: Callable[[], None] = nothing
    lasts: bool = False
    """The same bytes are given to many: they are made small once."""

    def __post_init__(self) -> None:
        if self.length is None and isinstance(self.body, bytes):
            self.length = len(self.body)

    def get(self, name: str) -> str:
        """The value of the header `name` (lower case), of all its lines; empty where there is none."""
        return of_all_lines(self.headers, name)

    def drop(self, name: str) -> None:
        self.headers = [line for line in self.headers if line[0].lower() != name.lower()]

    def replace(self, name: str, value: str) -> None:
        """Set a header that may be there once."""
        self.drop(name)
        self.headers.append((name, value))

    def vary(self, name: str) -> None:
        """Caches must keep the answers to different `name` headers apart."""
        known = self.get("vary")
        if name.lower() not in known.lower():
            self.replace("Vary", f"{known}, {name}" if known else name)


@lru_cache(256)
def _language(accepted: str) -> str:
    asked = [part.split(";")[0].strip()[:2].lower() for part in accepted.split(",")]
    return next((language for language in asked if language in LANGUAGES), "id")


@cache
def _problem(code: str, status: int, language: str) -> bytes:
    title, detail = MESSAGES.problem(code, language, {})
    body: dict[str, Any] = {"type": f"/problems/{code}", "title": title, "status": status}
    return json.dumps(body | ({"detail": detail} if detail else {}), ensure_ascii=False).encode()


def problem(request: Request | None, status: int, code: str, *headers: Header) -> Answer:
    """A problem of the gateway itself (RFC 9457), in the first language we speak that the caller names; Indonesian otherwise."""
    language = _language(request.get("accept-language")[:64]) if request else "id"
    return Answer(
        status, [("Content-Type", "application/problem+json"), ("Content-Language", language), *headers], _problem(code, status, language)
    )


def as_json(value: Any, *headers: Header) -> Answer:
    return Answer(200, [("Content-Type", "application/json"), *headers], json.dumps(value, ensure_ascii=False).encode())


def compressed(request: Request, answer: Answer) -> None:
    """Make texts small for a caller that takes gzip. The entity tag gets a suffix, as it names the bytes (RFC 9110 §8.8.3); see `asked_tags`."""
    if answer.status == 304 and (tag := suffixed(answer.get("etag"))):
        answer.vary("Accept-Encoding")
        if tag in request.get("if-none-match"):
            answer.replace("ETag", tag)
        return
    kind = answer.get("content-type").partition(";")[0]
    if not (kind in TEXTS or kind.startswith("text/")) or kind == "text/event-stream" or answer.get("content-encoding"):
        return
    if answer.length is not None and answer.length < WORTH_IT:
        return
    answer.vary("Accept-Encoding")
    if answer.status != 200 or not GZIP.search(request.get("accept-encoding")) or "no-transform" in answer.get("cache-control"):
        return
    if tag := suffixed(answer.get("etag")):
        answer.replace("ETag", tag)
    answer.replace("Content-Encoding", "gzip")
    answer.drop("Accept-Ranges")
    if request.method == "HEAD":
        answer.length, answer.body = None, b""
    elif isinstance(answer.body, bytes):
        answer.body = _once(answer.body) if answer.lasts else b"".join(_gzip([answer.body]))
        answer.length = len(answer.body)
    else:
        answer.body, answer.length = _gzip(answer.body), None


def _gzip(parts: Iterable[bytes]) -> Iterator[bytes]:
    squeezer = zlib.compressobj(5, zlib.DEFLATED, 31)
    yield from filter(None, map(squeezer.compress, parts))
    yield squeezer.flush()


@lru_cache(8)
def _once(body: bytes) -> bytes:
    return b"".join(_gzip([body]))


def suffixed(tag: str) -> str:
    """The entity tag of the gzipped bytes; empty where there is none."""
    return f'{tag[:-1]}-gzip"' if tag.endswith('"') else ""


def asked_tags(value: str) -> str:
    """Entity tags as the service knows them: without our suffix."""
    return value.replace('-gzip"', '"')
