"""One transaction per request: opened late, committed before the answer leaves, through the same error handlers."""

import time
from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import Unauthorized

from smartcity import clock, context, tracing
from smartcity.errors import InputWrong, TooLate
from smartcity.http import idempotency
from smartcity.http.auth import ANYONE, Actor, BadToken, Verifier
from smartcity.http.policy import Policy, SignInRequired, admit
from smartcity.observability import IN_FLIGHT, log
from smartcity.storage.encryption import keyring
from smartcity.storage.transaction import Database


class CityFlask(Flask):
    """A service's web side. `open_endpoints` are the kernel's own doors that need no policy."""

    database: Database
    verifier: Verifier
    policy: Policy
    open_endpoints: frozenset[str] = frozenset()

    def dispatch_request(self) -> Response:
        rule = request.url_rule
        if request.routing_exception is not None or rule is None or request.method == "OPTIONS" or rule.endpoint in self.open_endpoints:
            return self.make_response(super().dispatch_request())
        view = self.view_functions[rule.endpoint]
        g.actor = self._caller()
        try:
            g.grants = admit(self.policy, rule.endpoint.rpartition(".")[2], g.actor)
        except SignInRequired:
            raise Unauthorized() from None
        _refuse_unknown_query(view)
        keyring.open()  # before a connection is held: who waits for a lock of a request that waits for a connection waits for ever
        with self.database.session() as g.session:
            if getattr(view, "idempotent", False) and (kept := idempotency.earlier_answer(g.session, g.actor)):
                return kept
            answer = self.make_response(super().dispatch_request())
            if answer.status_code < 400 or g.get("keep", False):
                _refuse_what_nobody_awaits()
                self._finish(view, answer)
                g.session.commit()
            return answer

    def _caller(self) -> Actor:
        own = getattr(self.blueprints.get(request.blueprint or ""), "authenticate", None)
        return (own and own()) or actor_of(self.verifier)

    def _finish(self, view: Any, answer: Response) -> None:
        g.session.flush()
        entity = g.get("case")
        if entity is not None and not answer.headers.get("ETag"):
            answer.set_etag(str(entity.version))
        if g.get("next_page"):
            answer.headers["Link"] = f'<{request.path}?cursor={g.next_page}>; rel="next"'
        if getattr(view, "idempotent", False) and answer.status_code < 300:
            idempotency.remember(g.session, answer)
        if request.method == "GET" and answer.status_code == 200 and not answer.is_streamed:
            answer.make_conditional(request)


def keep() -> None:
    """Commit this request's changes although it is refused (a failed sign-in is counted)."""
    g.keep = True


def actor_of(verifier: Verifier) -> Actor:
    """Who the request's bearer token speaks for; `ANYONE` without one; raises 401 for one that does not hold, `IssuerAway` where that cannot be said."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return ANYONE
    try:
        return verifier.actor(token.strip())
    except BadToken as bad:
        log.info("token refused", reason=str(bad))
        refusal = Unauthorized()
        refusal.problem = "token-not-valid"  # type: ignore[attr-defined]
        raise refusal from None


def _refuse_unknown_query(view: Any) -> None:
    if getattr(view, "raw_query", False):
        return
    unknown = set(request.args) - getattr(view, "query_names", frozenset())
    if unknown:
        raise InputWrong({name: ["unknown-field"] for name in sorted(unknown)})


def _refuse_what_nobody_awaits() -> None:
    """After the gateway's deadline its caller was told 504: nothing may come of the request any more."""
    with suppress(KeyError, ValueError):
        if time.perf_counter() - g.began > float(request.headers["X-Deadline-Seconds"]):
            raise TooLate


def install_lifecycle(app: Flask) -> None:
    """Request id, trace, metrics and one log line per request with the route's template, never the path."""

    @app.before_request
    def _begin() -> None:
        g.began = time.perf_counter()
        asked = request.headers.get("X-Request-Id", "")
        request_id = asked if 0 < len(asked) <= 64 and asked.isascii() and asked.replace("-", "").isalnum() else context.new_id()
        context.begin(context.child_of(request.headers.get("traceparent"), request_id=request_id, correlation_id=request_id))
        IN_FLIGHT.inc()

    @app.after_request
    def _end(answer: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "(none)"
        took = time.perf_counter() - g.get("began", time.perf_counter())
        tracing.answered(context.current(), (route, request.method, answer.status_code), took)
        IN_FLIGHT.dec()
        answer.headers["X-Request-Id"] = context.current().request_id
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("Cache-Control", "no-store")
        log.info("request answered", route=route, method=request.method, status=answer.status_code, duration_ms=round(took * 1000, 1))
        return answer


def now_of_request() -> datetime:
    """One moment for the whole request."""
    if "moment" not in g:
        g.moment = clock.now()
    return g.moment
