"""The door: refuse what is unclear, check the token, count, carry the request, hand the answer on."""

import time
from dataclasses import dataclass

from gateway import carrying
from gateway.answers import SECURITY, SECURITY_NAMES, Answer, compressed, problem
from gateway.cache import Cache
from gateway.incoming import METHODS, BodyFailed, Request, Terms
from gateway.limits import Limits, Verdict
from gateway.own_pages import PROBES, OwnPages
from gateway.routes import FANNED_OUT, Route, find
from gateway.upstream import Upstream, UpstreamAway
from smartcity import context, tracing
from smartcity.addresses import network_of
from smartcity.http.auth import Actor, BadToken, IssuerAway, Verifier
from smartcity.http.revoked import Revoked
from smartcity.observability import log

Unknown = BadToken | IssuerAway | None
"""Why nobody is known by the token; `None` where there is none."""
ALLOW = ("Allow", ", ".join(sorted(METHODS)))
EXPOSED = "ETag, Location, Link, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id"
PREFLIGHT = [
    ("Access-Control-Allow-Methods", ", ".join(sorted(METHODS))),
    ("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Accept-Language"),
    ("Access-Control-Max-Age", "600"),
]


@dataclass(frozen=True)
class Guards:
    """Who says whether a request may pass: whose token, how often, from which pages in a browser."""

    verifier: Verifier
    revoked: Revoked
    limits: Limits
    origins: frozenset[str]


class Gateway:
    """One door for everybody. `upstreams` by service name; `address` is the suite's public one."""

    def __init__(self, upstreams: dict[str, Upstream], guards: Guards, address: str, terms: Terms) -> None:
        self.upstreams, self.guards, self.terms = upstreams, guards, terms
        self.pages = OwnPages(upstreams, address)
        self.cache = Cache()

    def begin(self) -> None:
        """Called once in the process that serves."""
        self.guards.revoked.begin()

    def __call__(self, request: Request) -> Answer:
        began = time.perf_counter()
        context.begin(request.work)
        route = find(request.path)
        try:
            answer = self._answer(request, route)
        except Exception as error:
            log.error("request failed", error=error)
            request.body.failed = True
            answer = problem(request, 500, "internal")
        self._finish(request, answer)
        _record(request, answer, route, time.perf_counter() - began)
        return answer

    def _answer(self, request: Request, route: Route | None) -> Answer:
        if not request.clear:
            request.body.failed = True
            return problem(request, 400, "unreadable")
        if request.method not in METHODS:
            return problem(request, 405, "method-not-allowed", ALLOW)
        if request.method == "OPTIONS" and request.get("origin"):
            return Answer(204, list(PREFLIGHT) if request.get("origin") in self.guards.origins else [])
        if request.path in PROBES:
            return self.pages.answer(request)
        actor, refusal = self._who(request, route)
        verdict = self.guards.limits.ask(*_counted(request, route, actor))
        answer = self._counted_answer(request, route, actor, refusal, verdict)
        answer.headers.extend(verdict.headers)
        return answer

    def _who(self, request: Request, route: Route | None) -> tuple[Actor | None, Unknown]:
        scheme, _, token = request.get("authorization").partition(" ")
        if scheme.lower() != "bearer":
            return None, None
        try:
            known = self.guards.verifier.known(token.strip())
        except (BadToken, IssuerAway) as unknown:
            return None, None if route and route.own_tokens else unknown
        return (None, BadToken("revoked")) if self.guards.revoked.covers(known.claims) else (known.actor, None)

    def _counted_answer(self, request: Request, route: Route | None, actor: Actor | None, refusal: Unknown, verdict: Verdict) -> Answer:
        if not verdict.allowed:
            return problem(request, 429, "too-often")
        if isinstance(refusal, IssuerAway):
            log.warning("token not checked", upstream="identity", reason="no key of the issuer was ever read")
            return problem(request, 503, refusal.code, ("Retry-After", "2"))
        if refusal:
            log.info("token refused", reason=str(refusal))
            return problem(request, 401, "token-not-valid", ("WWW-Authenticate", 'Bearer error="invalid_token"'))
        if request.path in FANNED_OUT:
            return self.pages.me(request, actor)
        if route is None:
            return self.pages.answer(request)
        if (request.body.length or 0) > route.largest:
            return problem(request, 413, "too-large")
        return self.cache.through(request, lambda: self._carried(request, route))

    def _carried(self, request: Request, route: Route) -> Answer:
        upstream = self.upstreams.get(route.service)
        try:
            if upstream is None:
                raise UpstreamAway("not configured")
            return carrying.carry(request, route.largest, upstream, self.pages.host, min(route.deadline, self.terms.deadline))
        except UpstreamAway as away:
            log.warning("upstream away", upstream=route.service, reason=str(away))
            return problem(request, 503, "unavailable", ("Retry-After", "2"))
        except BodyFailed as failed:
            return problem(request, failed.status, failed.code)

    def _finish(self, request: Request, answer: Answer) -> None:
        compressed(request, answer)
        has = {name.lower() for name, _ in answer.headers}
        answer.headers.extend(line for name, line in zip(SECURITY_NAMES, SECURITY, strict=True) if name not in has)
        if "x-request-id" not in has:
            answer.headers.append(("X-Request-Id", request.work.request_id))
        if self.guards.origins:
            answer.vary("Origin")
            if request.get("origin") in self.guards.origins:
                answer.headers.append(("Access-Control-Allow-Origin", request.get("origin")))
                answer.headers.append(("Access-Control-Expose-Headers", EXPOSED))


def _counted(request: Request, route: Route | None, actor: Actor | None) -> tuple[str, str]:
    """The limit's class and who counts: an account where one is known, else the address."""
    rate = route.rate if route else "api"
    if actor is not None:
        return ("partner" if actor.has("bank") else rate), actor.sub
    return ("anonymous" if rate == "api" else rate), network_of(request.address)


def _record(request: Request, answer: Answer, route: Route | None, took: float) -> None:
    template = route.template if route else OwnPages.template(request.path)
    method = request.method if request.method in METHODS else "OTHER"
    tracing.answered(request.work, (template, method, answer.status), took)
    log.info(
        "request carried", route=template, method=method, status=answer.status, duration_ms=round(took * 1000, 1),
        upstream=route.service if route else "gateway",
    )  # fmt: skip
