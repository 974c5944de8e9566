"""Signing in as a person does: the page, the form, the code, the token (authorization code with PKCE)."""

import base64
import hashlib
import secrets
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import httpx

from smartcity_local.errors import CannotGoOn
from smartcity_local.place import Place
from smartcity_local.secret_store import SecretStore

CLIENT, CALLBACK = "smartcity-cli", "http://127.0.0.1/callback"
PROGRAMS = {"bank": "BANK_CLIENT_SECRET", "agency-bpn": "AGENCY_CLIENT_SECRET"}
"""Accounts of programs, which have no page to sign in at: they bring a secret."""


class _HiddenFields(HTMLParser):
    """The hidden fields of the page's first form."""

    def __init__(self) -> None:
        super().__init__()
        self.forms = 0
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        self.forms += tag == "form"
        if tag == "input" and about.get("type") == "hidden" and self.forms == 1:
            self.found[str(about["name"])] = str(about["value"])


def demo_secrets(place: Place) -> SecretStore:
    """The secrets of the demonstration; raises where this clone has none."""
    store = SecretStore(place.run / "secrets")
    if "DEMO_PASSWORD" not in store:
        raise CannotGoOn("There are no demo secrets here: a token of a demo account is only had where `make run` has made them.")
    return store


def token(place: Place, account: str, base: str = "") -> str:
    """An access token of `account`, through the gateway. Raises `CannotGoOn` where identity refuses."""
    store = demo_secrets(place)
    try:
        with httpx.Client(base_url=base or place.public_url, timeout=10) as browser:
            if account in PROGRAMS:
                return _of_a_program(browser, account, store.password(PROGRAMS[account]))
            return _of_a_person(browser, account, store.password("DEMO_PASSWORD"))
    except httpx.TransportError as error:
        raise CannotGoOn(f"The gateway at {place.public_url} does not answer: `make run` starts the suite.") from error


def _of_a_program(browser: httpx.Client, client: str, secret: str) -> str:
    answer = browser.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=(client, secret))
    return _access_token(answer, client)


def _of_a_person(browser: httpx.Client, account: str, password: str) -> str:
    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(12)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code", "client_id": CLIENT, "redirect_uri": CALLBACK, "scope": "openid profile", "state": state,
        "nonce": secrets.token_urlsafe(12), "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    page = browser.get("/oauth/authorize", params=asked)
    if page.status_code != 200:
        raise CannotGoOn(f"The sign-in page answered {page.status_code}.")
    fields = _HiddenFields()
    fields.feed(page.text)
    sent = browser.post("/oauth/authorize", data={**fields.found, "login": account, "password": password, "decision": "allow"})
    back = dict(parse_qsl(urlsplit(sent.headers.get("Location", "")).query))
    if sent.status_code != 303 or "code" not in back or back.get("state") != state:
        raise CannotGoOn(f"Identity did not let {account!r} in ({sent.status_code}): is it a demo account of this suite?")
    form = {
        "grant_type": "authorization_code",
        "client_id": CLIENT,
        "code": back["code"],
        "redirect_uri": CALLBACK,
        "code_verifier": verifier,
    }
    return _access_token(browser.post("/oauth/token", data=form), account)


def _access_token(answer: httpx.Response, account: str) -> str:
    if answer.status_code != 200:
        raise CannotGoOn(f"Identity gave {account!r} no token: {answer.text[:200]}")
    return str(answer.json()["access_token"])
