"""What follows the password: the code of an authenticator, or a new authenticator where one is required; and the password itself, once, of an
account that another issuer has named.

Between the pages nothing is kept here: the form carries a sealed ticket, tied to the browser, to what the client asks and to ten minutes.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from cryptography.exceptions import InvalidTag
from flask import Response, request

from identity.api import outside
from identity.api.sign_in_form import COOKIE, browser_cookie, form_token, is_own_form, page, page_language, wait_said, with_cookie
from identity.model.account import Account
from identity.rules import totp
from identity.rules.authorization import PARAMETERS, Asked
from identity.rules.lifetimes import SECOND_STEP
from identity.rules.redirects import origin_of
from identity.use_cases import authorization, federation, second_factor
from identity.use_cases.authorization import Attempt, SignedIn, Step, Try
from identity.use_cases.origin import Origin
from identity.use_cases.throttle import TooOften
from smartcity.errors import InputWrong
from smartcity.http import keep, session
from smartcity.http.languages import LANGUAGES
from smartcity.http.problems import messages
from smartcity.storage import get
from smartcity.storage.encryption import seal, unseal

ISSUER = "Medan Smart City"
_PURPOSE = "second-step"


@dataclass(frozen=True)
class Ticket:
    """Whose account it is, and the step to be taken. `link`: the identity of another issuer that is linked with it after the last one, in hex.
    `codes`: the recovery codes that are on the page; nobody else keeps them, and they must stand there in the other language too."""

    account_id: UUID
    step: Step
    link: str = ""
    codes: tuple[str, ...] = ()

    def sealed(self, asked: Asked, cookie: str, now: datetime) -> str:
        """The ticket as a hidden field."""
        until = int((now + SECOND_STEP).timestamp())
        said = [str(self.account_id), str(self.step), until, _tie(asked, cookie), self.link, *self.codes]
        return base64.urlsafe_b64encode(seal(json.dumps(said), _PURPOSE)).decode()

    @classmethod
    def read(cls, text: str, asked: Asked, cookie: str, now: datetime) -> "Ticket | None":
        """The ticket, if it is ours, of this browser and request, and in time."""
        try:
            account_id, step, until, tie, link, *codes = json.loads(unseal(base64.urlsafe_b64decode(text), _PURPOSE))
        except (InvalidTag, ValueError, binascii.Error):
            return None
        return cls(UUID(account_id), Step(step), link, tuple(codes)) if now.timestamp() < until and tie == _tie(asked, cookie) else None


def _tie(asked: Asked, cookie: str) -> str:
    return hashlib.sha256("\0".join((cookie, asked.client_id, asked.redirect_uri, asked.scope, asked.challenge)).encode()).hexdigest()


def attempt_of(sent: Mapping[str, str], login: str) -> Attempt:
    """What a person sent with the form, and from where."""
    return Attempt(login, sent.get("password", ""), outside.caller_address(), request.headers.get("User-Agent", ""))


def show(asked: Asked, sent: Mapping[str, str], came: SignedIn, link: str = "") -> Response:
    """The page of the step that comes next. `link`: as in `Ticket`."""
    assert came.step is not None and came.account_id is not None
    return _page(asked, sent, Ticket(came.account_id, came.step, link))


def take(asked: Asked, sent: Mapping[str, str]) -> Response | SignedIn | None:
    """The step that was sent: what came of it, its page again, or `None` where it is not ours or too late."""
    now, cookie = outside.moment(), request.cookies.get(COOKIE, "")
    held = Ticket.read(sent.get("ticket", ""), asked, cookie, now)
    in_other_language = sent.get("decision") in LANGUAGES
    if (
        held is None
        or not (in_other_language or held.step == sent.get("decision"))
        or not is_own_form(sent.get("form_token", ""), cookie, now)
    ):
        return None
    account = get(session(), Account, held.account_id)
    if not account.is_active:
        return None
    if in_other_language:  # an authenticator that was confirmed meanwhile is nobody's to see
        is_over = held.step is Step.ENROL and second_factor.is_on(session(), account.id)
        return None if is_over else _page(asked, sent, held, again=True)
    origin = Origin(outside.caller_address(), page_language(sent.get("ui_locales", "")))
    try:
        came = _taken(asked, sent, held, account, origin)
    except (InputWrong, TooOften) as refused:
        keep()
        return _page(asked, sent, held, refused, again=True)
    if isinstance(came, SignedIn) and came.code is not None and held.link:
        federation.link(session(), account, bytes.fromhex(held.link), origin, now)
    return show(asked, sent, came, held.link) if isinstance(came, SignedIn) and came.step else came


def _taken(asked: Asked, sent: Mapping[str, str], held: Ticket, account: Account, origin: Origin) -> Response | SignedIn | None:
    tried, typed = Try(asked, attempt_of(sent, account.login), outside.moment()), sent.get("code", "").strip()
    if held.step is Step.PROVE:
        return authorization.prove(session(), tried, account, outside.settings().extra["SECOND_FACTOR"])
    if held.step is Step.CODE:
        return authorization.second_step(session(), tried, account, typed, origin)
    if held.step is Step.ENROLLED:
        return authorization.let_in(session(), tried, account) if second_factor.is_on(session(), account.id) else None
    codes = second_factor.confirm(session(), account, typed, origin, tried.now)
    return _page(asked, sent, Ticket(account.id, Step.ENROLLED, held.link, tuple(codes)))


def _page(
    asked: Asked, sent: Mapping[str, str], held: Ticket, refused: InputWrong | TooOften | None = None, *, again: bool = False
) -> Response:
    cookie, lang = browser_cookie(), page_language(sent.get("ui_locales", ""))
    request_again, now = {name: sent[name] for name in PARAMETERS if name in sent}, outside.moment()
    hidden = request_again | {"ticket": held.sealed(asked, cookie, now), "form_token": form_token(cookie, now)}
    answer = page(
        f"step_{held.step}.html", lang, "/oauth/authorize", hidden, status=refused.status if refused else 200,
        form_action=f"'self' {origin_of(asked.redirect_uri)}", error=_said(refused, lang), step=held.step, go_on=urlencode(request_again),
        codes=held.codes, **(_authenticator(held.account_id, again=again) if held.step is Step.ENROL else {}),
    )  # fmt: skip
    if isinstance(refused, TooOften):
        answer.headers["Retry-After"] = str(int(refused.wait.total_seconds()) + 1)
    return with_cookie(answer, cookie)


def _said(refused: InputWrong | TooOften | None, lang: str) -> str:
    if isinstance(refused, TooOften):
        return wait_said(refused.wait, lang)
    return " ".join(messages().field(code, lang) for codes in refused.errors.values() for code in codes) if refused else ""


def _authenticator(account_id: UUID, *, again: bool) -> dict[str, str]:
    """What a new authenticator reads: by its camera, or typed."""
    account = get(session(), Account, account_id)
    found = second_factor.factor_of(session(), account_id) if again else None
    return picture(found.secret if found else second_factor.show(session(), account, outside.moment()).secret, account)


def picture(secret: str, account: Account) -> dict[str, str]:
    """The secret, its address, and its QR code as SVG: black on white whatever the page's colours, or no camera reads it."""
    import segno

    uri = totp.uri_of(secret, ISSUER, account.email or account.login)
    svg = segno.make(uri, error="m", micro=False).svg_inline(scale=5, dark="#000", light="#fff", svgclass=None, lineclass=None)
    return {"secret": secret, "uri": uri, "qr_svg": svg}
