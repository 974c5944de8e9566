"""Every page can be read in the other language, whatever has led to it, and loses nothing by it."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import identity
from identity.rules import totp
from smartcity.clock import real_now
from smartcity.http import pages

HEAD = re.compile(r'<header>.*?<form method="(\w+)" action="([^"]+)">(.*?)</form>\s*</header>', re.DOTALL)
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
BUTTON = re.compile(r'<button type="submit" name="decision" value="(id|en)" lang="(id|en)" class="language">([^<]+)</button>')
SAID_ONCE = ("wait", "filled in wrongly", "refused form")
"""Pages that say what has just happened."""


def in_the_other_language(client: FlaskClient, page: Any) -> Any:
    """The page after its language button."""
    method, action, inside = HEAD.findall(page.text)[0]
    fields = {name: unescape(value) for name, value in FIELD.findall(inside)}
    (value, lang, words), *more = BUTTON.findall(inside)
    here = page.headers["Content-Language"]
    assert not more and (value, words) == ({"id": ("en", "English"), "en": ("id", "Bahasa Indonesia")}[here]) and lang == value
    sent = {"query_string" if method == "get" else "data": {**fields, "decision": value}}
    return client.open(action, method=method.upper(), **sent)  # type: ignore[arg-type]


def plain(page: Any) -> str:
    """What is seen: without what differs from one request to the next, and what is only carried along."""
    return re.sub(r' (nonce|href)="[^"]*"|<input type="hidden"[^>]*>\s*', "", page.text)


def structure(page: Any) -> list[str]:
    """Elements and fields, whatever their words."""
    return re.findall(r'<(?:/?[a-z0-9]+)|\bname="[^"]*"', plain(page))


def test_every_page_has_the_other_language_and_comes_back_from_it_unchanged(client: FlaskClient, every_page: dict[str, Any]) -> None:
    for name, page in every_page.items():
        other = in_the_other_language(client, page)
        back = in_the_other_language(client, other)
        assert (other.headers["Content-Language"], back.headers["Content-Language"]) == ("en", "id"), name
        assert not re.search(r"\bpage\.[a-z_]+\.", page.text + other.text) and plain(other) != plain(page), name
        if name not in SAID_ONCE:
            assert structure(other) == structure(page), name
            assert plain(back) == plain(page), name


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Which templates are shown."""
    seen: set[str] = set()
    known = pages.templates("identity", "api/pages")
    usual = known.get_template
    monkeypatch.setattr(known, "get_template", lambda name, *more: seen.add(name) or usual(name, *more))
    return seen


def test_no_page_is_left_out(rendered: set[str], every_page: dict[str, Any]) -> None:
    ours = {file.name for file in (Path(identity.__file__).parent / "api" / "pages").glob("*.html")}
    assert len(ours) > 10
    assert ours <= rendered


def test_what_was_begun_goes_on_in_the_other_language(client: FlaskClient, browser: Any, person: Any, every_page: dict[str, Any]) -> None:
    enrol = in_the_other_language(client, every_page["enrol"])
    secret = re.findall(r"<code>([A-Z2-7]{32})</code>", enrol.text)[0]
    codes = browser.submit(enrol, "", "", "enrol", extra={"code": totp.code_of(totp.secret_of(secret), totp.step_of(real_now()))})
    assert (
        "Your recovery codes" in codes.text and browser.submit(in_the_other_language(client, codes), "", "", "enrolled").status_code == 303
    )
    assert browser.submit(in_the_other_language(client, every_page["found elsewhere"]), "", "kopi pagi hari", "prove").status_code == 303
    code = person.send(person.client.get("/oauth/reset"), "/oauth/reset", email="ratna@example.com", decision="send")
    sent = {"code": person.code(), "password": "teh manis sore hari", "decision": "confirm"}
    done = person.send(in_the_other_language(client, code), "/oauth/reset/confirmation", **sent)
    assert "The password is changed" in done.text


def test_an_authenticator_that_was_confirmed_meanwhile_is_not_shown_in_any_language(
    client: FlaskClient, every_page: dict[str, Any], browser: Any
) -> None:
    enrol = every_page["enrol"]
    secret = re.findall(r"<code>([A-Z2-7]{32})</code>", enrol.text)[0]
    browser.submit(enrol, "", "", "enrol", extra={"code": totp.code_of(totp.secret_of(secret), totp.step_of(real_now()))})
    again = in_the_other_language(client, enrol)
    assert again.status_code == 403 and secret not in again.text


def test_a_step_is_shown_again_to_its_own_browser_alone(app: Any, every_page: dict[str, Any]) -> None:
    for name in ("enrol", "recovery codes", "second factor", "found elsewhere"):
        elsewhere = in_the_other_language(app.test_client(), every_page[name])
        assert elsewhere.status_code == 403 and "Sign in" in elsewhere.text, name


def test_what_no_page_says_is_not_said(client: FlaskClient) -> None:
    assert client.get("/oauth/told/anything").status_code == 400
