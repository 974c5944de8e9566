"""Signing in by another issuer: the way there, and the way back. In between the browser keeps what must come back, sealed."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import astuple
from urllib.parse import urlencode

from cryptography.exceptions import InvalidTag
from flask import Response, redirect, request

from identity.api import outside, second_step
from identity.api.form_pages import html
from identity.api.sign_in_form import page_language, told_page
from identity.rules.authorization import PARAMETERS, answer_uri
from identity.rules.lifetimes import SECOND_STEP
from identity.use_cases import authorization
from identity.use_cases.authorization import SignedIn, Step, Try
from identity.use_cases.federation import account_of_claims
from identity.use_cases.other_issuer import Journey, NotSignedIn, other_issuer
from smartcity.http import Blueprint, keep, session
from smartcity.observability import log
from smartcity.storage.encryption import seal, unseal

federation = Blueprint("federation", description="Signing in by another issuer.", prefix="")
COOKIE, PATH, _PURPOSE = "smartcity_federation", "/oauth/federation", "federation"


def leave(sent: Mapping[str, str]) -> Response:
    """Off to the other issuer; or a page that says that it is away."""
    issuer, journey = other_issuer(), Journey.begin()
    params = {name: sent[name] for name in PARAMETERS if name in sent}
    try:
        if issuer is None:
            raise NotSignedIn("no other issuer is named")
        answer: Response = redirect(issuer.address(journey), 303)  # type: ignore[assignment]
    except NotSignedIn as away:
        return _failed(params, away)
    until = int((outside.moment() + SECOND_STEP).timestamp())
    sealed = base64.urlsafe_b64encode(seal(json.dumps([*astuple(journey), until, params]), _PURPOSE)).decode()
    secure = outside.settings().issuer_url.startswith("https:")
    answer.set_cookie(COOKIE, sealed, path=PATH, httponly=True, samesite="Lax", secure=secure, max_age=int(SECOND_STEP.total_seconds()))
    return answer


@federation.get("/oauth/federation/callback")
@federation.doc(parameters=[{"in": "query", "name": name, "schema": {"type": "string"}} for name in ("state", "code", "iss", "error")])
@html(federation)
@federation.alt_response(303, description="Back to the client")
@outside.outside
def finish_federation() -> Response:
    """Back from the other issuer: signed in here, if the person has an account; asked for its password the first time."""
    journey, params = _brought()
    try:
        issuer = other_issuer()
        if issuer is None or journey is None:
            raise NotSignedIn("no journey was begun")
        claims = issuer.person(journey, outside.single(request.args), outside.moment())
    except NotSignedIn as refused:
        return _failed(params, refused)
    client, asked = authorization.read_request(session(), params)
    known = account_of_claims(session(), issuer, claims)
    tried = Try(asked, second_step.attempt_of(params, known.account.login if known else ""), outside.moment())
    if known is None or not known.account.is_active:
        authorization.turn_away(session(), tried, known.account if known else None)
        keep()
        return _page(params, "federation_unknown", 403)
    if known.unproven:
        unproven = SignedIn(None, step=Step.PROVE, account_id=known.account.id)
        return _forgotten(second_step.show(asked, params, unproven, known.unproven.hex()))
    came = authorization.after_password(session(), tried, known.account, outside.settings().extra["SECOND_FACTOR"])
    keep()
    if came.code is None:
        return _forgotten(second_step.show(asked, params, came))
    return _forgotten(redirect(answer_uri(outside.issuer().issuer, asked.redirect_uri, asked.state, code=came.code), 303))  # type: ignore[arg-type]


def not_mine(sent: Mapping[str, str]) -> Response:
    """The account that was found is somebody else's: what to do now."""
    return _page({name: sent[name] for name in PARAMETERS if name in sent}, "federation_not_mine", 200)


def _brought() -> tuple[Journey | None, dict[str, str]]:
    """What the browser kept, if it is ours and in time."""
    try:
        *journey, until, params = json.loads(unseal(base64.urlsafe_b64decode(request.cookies.get(COOKIE, "")), _PURPOSE))
    except (InvalidTag, ValueError, binascii.Error):
        return None, {}
    return (Journey(*journey), params) if outside.moment().timestamp() < until else (None, params)


def _forgotten(answer: Response) -> Response:
    """What came back counts once in this browser."""
    answer.delete_cookie(COOKIE, path=PATH)
    return answer


def _failed(params: Mapping[str, str], reason: NotSignedIn) -> Response:
    log.info("sign-in by another issuer failed", reason=str(reason))
    return _page(params, "federation_failed", 400)


def _page(params: Mapping[str, str], about: str, status: int) -> Response:
    lang = page_language(params.get("ui_locales", ""))
    return _forgotten(told_page(about, lang, urlencode(params), status))
