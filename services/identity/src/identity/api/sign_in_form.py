"""The pages' forms: their token against forgery (tied to a cookie and half an hour), their language, and how they look."""

import hashlib
import hmac
import math
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Response, request

from identity.api.outside import settings
from identity.rules.lifetimes import SIGN_IN_FORM
from identity.rules.refusal import OAuthRefused
from smartcity.http import pages
from smartcity.http.languages import LANGUAGES, language
from smartcity.http.problems import messages
from smartcity.storage.encryption import keyring

COOKIE = "smartcity_signin"
TOLD = "/oauth/told"
UNSAID = ("decision", "password", "code")


def _sign(cookie: str, made: str) -> str:
    return hmac.new(keyring.key("sign-in-form"), f"{made}.{cookie}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def form_token(cookie: str, now: datetime) -> str:
    """The hidden field of a form shown at `now` to the browser that holds `cookie`."""
    made = str(int(now.timestamp()))
    return f"{made}.{_sign(cookie, made)}"


def is_own_form(token: str, cookie: str, now: datetime) -> bool:
    """Was the form shown to this browser, less than half an hour ago?"""
    made, _, signature = token.partition(".")
    if not cookie or not made.isascii() or not made.isdigit() or len(made) > 12:
        return False
    fresh = 0 <= now.timestamp() - int(made) < SIGN_IN_FORM.total_seconds()
    return hmac.compare_digest(signature.encode("utf-8", "replace"), _sign(cookie, made).encode()) and fresh


def in_wished_language(sent: Mapping[str, str]) -> dict[str, str]:
    """What was sent. Whoever pressed the button of the other language decides nothing else: it is the language asked for from here on."""
    wished = sent.get("decision", "")
    return {**sent, "ui_locales": wished} if wished in LANGUAGES else dict(sent)


def page_language(asked: str) -> str:
    """The language of a page: the first of `ui_locales` that we speak, else the browser's."""
    return next((tag[:2] for tag in asked.lower().split() if tag[:2] in LANGUAGES), language())


def page(name: str, lang: str, action: str, hidden: Mapping[str, str], *, form_action: str = "'self'", **shown: Any) -> Response:
    """A page of ours, which nobody frames and whose address nobody is told. `hidden` sent to `action` is the same page again."""

    def say(code: str) -> str:
        return messages().label(f"page.{code}", lang)

    template = pages.templates("identity", "api/pages").get_template(name)
    answer = pages.page(template, lang, say, form_action=form_action, **{"method": "post", "action": action, "hidden": hidden, **shown})
    answer.headers["X-Frame-Options"] = "DENY"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def told_page(about: str, lang: str, go_on: str, status: int = 200) -> Response:
    """What came of it, and the way back to the sign-in. Its other language is a page of its own: what was done is not done again."""
    return page("told.html", lang, f"{TOLD}/{about}", {"go_on": go_on}, status=status, method="get", about=about, go_on=go_on)


def refused_page(refused: OAuthRefused) -> Response:
    """A request that cannot go on is refused by a page. Its other language asks for the same once more, without what nobody but its owner should read."""
    sent = {name: value for name, value in in_wished_language(dict(request.values.items())).items() if name not in UNSAID}
    about: dict[str, Any] = {
        "status": refused.status,
        "error": refused.error,
        "description": refused.description,
        "method": request.method.lower(),
    }
    return page("refused.html", page_language(sent.get("ui_locales", "")), request.path, sent, **about)


def whole_seconds(wait: timedelta) -> int:
    """As many as are enough."""
    return math.ceil(wait.total_seconds())


def wait_said(wait: timedelta, lang: str) -> str:
    """For how long somebody who tried too often must wait, in words."""
    seconds = whole_seconds(wait)
    number, unit = (seconds, "seconds") if seconds < 60 else (-(-seconds // 60), "minutes")
    text = messages().label("page.problem.wait", lang)
    return text.format(wait=messages().label(f"page.wait.{unit}", lang).format(number=number))


def browser_cookie() -> str:
    """The browser's cookie, or a new one."""
    return request.cookies.get(COOKIE) or secrets.token_urlsafe(32)


def with_cookie(answer: Response, cookie: str) -> Response:
    """The answer, giving the browser its cookie."""
    secure = settings().issuer_url.startswith("https:")
    answer.set_cookie(
        COOKIE, cookie, path="/oauth", httponly=True, samesite="Lax", secure=secure, max_age=int(SIGN_IN_FORM.total_seconds())
    )
    return answer
