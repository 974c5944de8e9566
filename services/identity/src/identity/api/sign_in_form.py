"""The sign-in form: its token against forgery (tied to a cookie and half an hour), and how it looks."""

import hashlib
import hmac
import secrets
from datetime import datetime
from functools import cache
from typing import Any

from flask import Response, request
from jinja2 import Environment, PackageLoader, StrictUndefined

from identity.api.outside import settings
from identity.rules.lifetimes import SIGN_IN_FORM
from smartcity.http.languages import LANGUAGES, language
from smartcity.http.problems import messages
from smartcity.storage.encryption import keyring

COOKIE = "smartcity_signin"


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


@cache
def _environment() -> Environment:
    return Environment(loader=PackageLoader("identity", "api/pages"), autoescape=True, undefined=StrictUndefined)


def page_language(asked: str) -> str:
    """The language of a page: the first of `ui_locales` that we speak, else the browser's."""
    return next((tag[:2] for tag in asked.lower().split() if tag[:2] in LANGUAGES), language())


def page(name: str, lang: str, *, status: int = 200, form_action: str = "'none'", **shown: Any) -> Response:
    """A page that asks nothing of anybody else: no script, no outside request, its style allowed by a nonce."""
    nonce = secrets.token_urlsafe(16)

    def say(code: str) -> str:
        return messages().label(f"page.{code}", lang)

    body = _environment().get_template(name).render(lang=lang, say=say, nonce=nonce, **shown)
    answer = Response(body, status, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action {form_action}; frame-ancestors 'none'; base-uri 'none'"
    )
    answer.headers["X-Frame-Options"] = "DENY"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Content-Language"] = lang
    answer.vary.add("Accept-Language")
    return answer


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
