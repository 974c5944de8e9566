"""The authorization endpoint: a page where a person signs in and allows a client what it asks (RFC 6749 §3.1)."""

from collections.abc import Mapping
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from flask import Response, redirect, request

from identity.api import federation, outside, second_step
from identity.api.outside import View
from identity.api.sign_in_form import (
    COOKIE,
    browser_cookie,
    form_token,
    in_wished_language,
    is_own_form,
    page,
    page_language,
    refused_page,
    wait_said,
    whole_seconds,
    with_cookie,
)
from identity.model.client import Client
from identity.rules.authorization import PARAMETERS, Asked, SentBack, answer_uri
from identity.rules.redirects import origin_of
from identity.rules.refusal import OAuthRefused
from identity.use_cases import authorization
from identity.use_cases.authorization import SignedIn, Step
from identity.use_cases.other_issuer import other_issuer
from smartcity.http import Blueprint, keep, session
from smartcity.http.languages import LANGUAGES
from smartcity.http.problems import messages

authorize = Blueprint("authorize", description="Where a person signs in and allows a program to act.", prefix="")
PAGE = {"type": "string"}
TYPED = ("login", "password", "code", "ticket", "form_token")
DECISIONS = ("allow", "deny", "federation", "not-mine", *(str(step) for step in Step), *LANGUAGES)


def _to_the_person_or_back(view: View) -> View:
    """A refusal goes back to the client's own address; where that address is in doubt, the person reads it here."""

    @wraps(view)
    def answered(*args: Any, **more: Any) -> Any:
        try:
            return view(*args, **more)
        except SentBack as refused:
            said = {"error": refused.error, "error_description": refused.description}
            return redirect(answer_uri(outside.issuer().issuer, refused.redirect_uri, refused.state, **said), 303)
        except OAuthRefused as refused:
            return refused_page(refused)

    return answered


@authorize.get("/oauth/authorize")
@authorize.doc(parameters=[{"in": "query", "name": name, "schema": {"type": "string"}} for name in PARAMETERS])
@authorize.response(200, PAGE, content_type="text/html")
@authorize.alt_response(303, description="Back to the client")
@authorize.alt_response(400, schema=PAGE, content_type="text/html")
@_to_the_person_or_back
@outside.outside
def begin_authorization() -> Response:
    """Show the sign-in page for what a client asks."""
    params = in_wished_language(outside.single(request.args))
    client, asked = authorization.read_request(session(), params)
    return _sign_in_page(client, asked, params)


@authorize.post("/oauth/authorize")
@authorize.doc(requestBody=outside.form_of(*PARAMETERS, *TYPED, decision=DECISIONS))
@authorize.response(303, description="Back to the client")
@authorize.alt_response(200, schema=PAGE, content_type="text/html")
@authorize.alt_response(400, schema=PAGE, content_type="text/html")
@authorize.alt_response(403, schema=PAGE, content_type="text/html")
@authorize.alt_response(429, schema=PAGE, content_type="text/html")
@_to_the_person_or_back
@outside.outside
def decide_authorization() -> Response:
    """Sign in and allow, or refuse. Without a decision the form is a request like the other (OpenID Connect Core §3.1.2.1)."""
    sent = in_wished_language(outside.form())
    client, asked = authorization.read_request(session(), sent)
    if sent.get("decision") == "deny":
        raise SentBack(OAuthRefused("access_denied", "the person refused"), asked.redirect_uri, asked.state)
    if sent.get("decision") in set(Step) or (sent.get("decision") in LANGUAGES and "ticket" in sent):
        return _stepped(client, asked, sent)
    if sent.get("decision") == "not-mine":
        return federation.not_mine(sent)
    if sent.get("decision") not in ("allow", "federation"):
        return _sign_in_page(client, asked, sent)
    if not is_own_form(sent.get("form_token", ""), request.cookies.get(COOKIE, ""), outside.moment()):
        return _sign_in_page(client, asked, sent, problem="form_expired", status=403)
    if sent.get("decision") == "federation":
        return federation.leave(sent)
    required_of = outside.settings().extra["SECOND_FACTOR"]
    attempt = second_step.attempt_of(sent, sent.get("login", ""))
    return _answered(client, asked, sent, authorization.sign_in(session(), asked, attempt, required_of, outside.moment()))


def _stepped(client: Client, asked: Asked, sent: Mapping[str, str]) -> Response:
    came = second_step.take(asked, sent)
    if came is None:
        return _sign_in_page(client, asked, sent, problem="form_expired", status=403)
    return _answered(client, asked, sent, came) if isinstance(came, SignedIn) else came


def _answered(client: Client, asked: Asked, sent: Mapping[str, str], came: SignedIn) -> Response:
    if came.code is not None:
        return redirect(answer_uri(outside.issuer().issuer, asked.redirect_uri, asked.state, code=came.code), 303)  # type: ignore[return-value]
    keep()
    if came.step is not None:
        return second_step.show(asked, sent, came)
    if not came.wait:
        return _sign_in_page(client, asked, sent, problem="wrong", status=403)
    answer = _sign_in_page(client, asked, sent, problem="wait", status=429, wait=came.wait)
    answer.headers["Retry-After"] = str(whole_seconds(came.wait))
    return answer


def _sign_in_page(
    client: Client, asked: Asked, params: Mapping[str, str], *, problem: str = "", status: int = 200, wait: timedelta = timedelta()
) -> Response:
    cookie, other, lang = browser_cookie(), other_issuer(), page_language(params.get("ui_locales", ""))
    said = messages().label(f"page.problem.{problem}", lang) if problem else ""
    hidden = {name: params[name] for name in PARAMETERS if name in params}
    answer = page(
        "sign_in.html", lang, "/oauth/authorize", hidden | {"form_token": form_token(cookie, outside.moment())}, status=status,
        form_action=f"'self' {origin_of(asked.redirect_uri)}{' ' + other.origin if other else ''}", other=other.name if other else "",
        client=client.name, scopes=asked.scope.split(), problem=wait_said(wait, lang) if wait else said,
        login=params.get("login") or params.get("login_hint", ""), go_on=urlencode(hidden),
    )  # fmt: skip
    return with_cookie(answer, cookie)
