"""What the gateway answers itself: health, the merged documentation and its page, and `me/*`."""

import hashlib
import time
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

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
PROBES = ("/healthz", "/readyz")
OWN = (*PAGES, *PROBES, "/openapi.json", "/")


class OwnPages:
    """Answers without an upstream of their own. `address` is the suite's public one."""

    def __init__(self, upstreams: dict[str, Upstream], address: str) -> None:
        self.upstreams, self.address, self.host = upstreams, address, urlsplit(address).netloc
        self._document: tuple[float, dict[str, Any]] | None = None

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
            return as_json(self._merged(), ("Cache-Control", "no-cache"))
        return as_json({"status": "alive" if path == "/healthz" else "ready"})

    def _merged(self) -> dict[str, Any]:
        now = time.monotonic()
        known = self._document
        if known is None or now - known[0] > (KEPT_INCOMPLETE_FOR if known[1]["x-missing"] else KEPT_FOR):
            head = f"GET /openapi.json HTTP/1.1\r\nhost: {self.host}\r\n\r\n".encode()
            parts = merging.ask_all(self.upstreams, lambda upstream: merging.fetch(upstream, head, 3.0), 3.0)
            known = self._document = now, merging.merge_openapi(parts, self.address)
        return known[1]

    def me(self, request: Request, actor: Actor | None) -> Answer:
        """Everybody's part of `me/*`, asked at once, merged; who is missing is named."""
        asking = request.method == "POST" and request.path == ASKED_OF_ALL
        if request.method != "GET" and not asking:
            return problem(request, 405, "method-not-allowed", ("Allow", "GET, POST" if request.path == ASKED_OF_ALL else "GET"))
        if actor is None:
            return problem(request, 401, "sign-in-required", ("WWW-Authenticate", "Bearer"))
        if asking:
            return self._asked_of_all(request)
        head = carrying.head_of(request, self.host, [], without=carrying.OF_ONE_ANSWER)
        parts = merging.ask_all(self.upstreams, lambda upstream: merging.fetch(upstream, head, merging.WITHIN), merging.WITHIN)
        return as_json(merging.merge_me("cases" if request.path.endswith("/cases") else "items", parts))

    def _asked_of_all(self, request: Request) -> Answer:
        """Everybody is asked the same thing with the caller's own Idempotency-Key, so that asking again reaches who was missing and doubles nothing."""
        if request.body.length not in (0, len("{}")):
            return problem(request, 413, "too-large")
        head = carrying.head_of(request, self.host, [("content-length", "0")], without=carrying.OF_ONE_ANSWER | {"content-type"})
        within = merging.ASKING_WITHIN
        parts = merging.ask_all(self.upstreams, lambda upstream: merging.fetch(upstream, head, within, "POST"), within)
        status, body = merging.merge_asked(parts)
        if body is None:
            return problem(request, 503, "unavailable", ("Retry-After", "2"))
        answer = as_json(body)
        answer.status = status
        if status >= 400:
            answer.replace("Content-Type", "application/problem+json")
        return answer


@cache
def _page(path: str) -> tuple[bytes, Header, str]:
    name, kind = PAGES[path]
    body = (files("gateway") / "pages" / name).read_bytes()
    return body, ("Content-Type", kind), f'"{hashlib.sha256(body).hexdigest()[:16]}"'


def _tagged(request: Request, body: bytes, kind: Header, tag: str) -> Answer:
    headers = [kind, ("ETag", tag), ("Cache-Control", "no-cache"), CSP]
    if tag in carrying.asked_tags(request.get("if-none-match")):
        return Answer(304, headers)
    return Answer(200, headers, body)
