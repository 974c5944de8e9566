"""What the gateway answers itself: health, the merged documentation and its page, and `me/*`."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from gevent import get_hub
from gevent.lock import BoundedSemaphore

from gateway import carrying, merging
from gateway.answers import Answer, Header, as_json, problem
from gateway.incoming import Request
from gateway.routes import ASKED_OF_ALL, FANNED_OUT
from gateway.upstream import Upstream
from smartcity.http.auth import Actor

KEPT_FOR, KEPT_INCOMPLETE_FOR = 30.0, 2.0
PAGES = {"/docs": ("docs.html", "text/html; charset=utf-8"), "/docs.js": ("docs.js", "text/javascript; charset=utf-8"),
         "/docs.css": ("docs.css", "text/css; charset=utf-8")}  # fmt: skip
CSP = (
    "Content-Security-Policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
)
Page = tuple[bytes, Header, str]
"""Its bytes, their kind and their entity tag."""
PROBES = ("/healthz", "/readyz")
OWN = (*PAGES, *PROBES, "/openapi.json", "/")


class OwnPages:
    """Answers without an upstream of their own. `address` is the suite's public one."""

    def __init__(self, upstreams: dict[str, Upstream], address: str) -> None:
        self.upstreams, self.address, self.host = upstreams, address, urlsplit(address).netloc
        self._document: tuple[float, Page] | None = None
        self._asking = BoundedSemaphore()

    @staticmethod
    def template(path: str) -> str:
        """What stands for `path` in logs and metrics."""
        return path if path in OWN or path in FANNED_OUT else "(none)"

    def answer(self, request: Request) -> Answer:
        """One of our pages, or 404."""
        path = request.path
        if path not in OWN:
            return problem(request, 404, "not-found")
        if request.method not in ("GET", "HEAD"):
            return problem(request, 405, "method-not-allowed", ("Allow", "GET, HEAD"))
        if path in PAGES:
            return _tagged(request, *_page(path))
        if path == "/":
            return Answer(303, [("Location", "/docs")])
        if path == "/openapi.json":
            with self._asking:
                return _tagged(request, *self._merged())
        return as_json({"status": "alive" if path == "/healthz" else "ready"})

    def _merged(self) -> Page:
        """Made by a thread beside us: it takes a tenth of a second, and everybody else's requests would wait."""
        if self._document is None or time.monotonic() > self._document[0]:
            head = f"GET /openapi.json HTTP/1.1\r\nhost: {self.host}\r\n\r\n".encode()
            parts = merging.ask_all(self.upstreams, lambda upstream: merging.fetch(upstream, head, 3.0), 3.0)
            whole, page = get_hub().threadpool.apply(_written, (parts, self.address))
            self._document = time.monotonic() + (KEPT_FOR if whole else KEPT_INCOMPLETE_FOR), page
        return self._document[1]

    def me(self, request: Request, actor: Actor | None) -> Answer:
        """Everybody's part of `me/*`, asked at once, merged; who is missing is named."""
        allowed = ("GET", "HEAD", "POST") if request.path == ASKED_OF_ALL else ("GET", "HEAD")
        if request.method not in allowed:
            return problem(request, 405, "method-not-allowed", ("Allow", ", ".join(allowed)))
        if actor is None:
            return problem(request, 401, "sign-in-required", ("WWW-Authenticate", "Bearer"))
        if request.method == "POST":
            return self._asked_of_all(request)
        asked = merging.positions(request.target, self.upstreams)
        if asked is None:
            return problem(request, 422, "fields-wrong")
        heads = {
            name: self._asking_within(replace(request, method="GET", target=merging.at(request.target, cursor)))
            for name, cursor in asked.items()
        }
        upstreams = {name: self.upstreams[name] for name in asked}
        parts = merging.ask_all(upstreams, lambda upstream: merging.fetch(upstream, heads[upstream.name], merging.WITHIN), merging.WITHIN)
        return _merged(*merging.merge_me(merging.MERGED[request.path], parts, asked))

    def _asking_within(self, request: Request) -> bytes:
        return carrying.head_of(request, self.host, [("x-deadline-seconds", f"{merging.WITHIN:g}")], without=carrying.OF_ONE_ANSWER)

    def _asked_of_all(self, request: Request) -> Answer:
        """Everybody is asked the same thing with the caller's own Idempotency-Key, so that asking again reaches who was missing and doubles nothing."""
        if request.body.length not in (0, len("{}")):
            return problem(request, 413, "too-large")
        within = merging.ASKING_WITHIN
        more = [("x-deadline-seconds", f"{within:g}"), ("content-length", "0")]
        head = carrying.head_of(request, self.host, more, without=carrying.OF_ONE_ANSWER | {"content-type"})
        parts = merging.ask_all(self.upstreams, lambda upstream: merging.fetch(upstream, head, within, "POST"), within)
        status, body = merging.merge_asked(parts)
        if body is None:
            return problem(request, 503, "unavailable", ("Retry-After", "2"))
        return _merged(status, body)


def _merged(status: int, body: dict[str, Any]) -> Answer:
    answer = as_json(body)
    answer.status = status
    if status >= 400:
        answer.replace("Content-Type", "application/problem+json")
    return answer


@cache
def _page(path: str) -> Page:
    name, kind = PAGES[path]
    return _with_tag((files("gateway") / "pages" / name).read_bytes(), kind)


def _written(parts: Mapping[str, merging.Said], address: str) -> tuple[bool, Page]:
    """The merged documentation, and whether everybody is in it."""
    merged = merging.merge_openapi(parts, address)
    return not merged["x-missing"], _with_tag(json.dumps(merged, ensure_ascii=False).encode(), "application/json")


def _with_tag(body: bytes, kind: str) -> Page:
    return body, ("Content-Type", kind), f'"{hashlib.sha256(body).hexdigest()[:16]}"'


def _tagged(request: Request, body: bytes, kind: Header, tag: str) -> Answer:
    headers = [kind, ("ETag", tag), ("Cache-Control", "no-cache"), CSP]
    if tag in carrying.asked_tags(request.get("if-none-match")):
        return Answer(304, headers)
    return Answer(200, headers, body, lasts=True)
