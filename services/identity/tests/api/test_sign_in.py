"""The sign-in page: what a person sees, and who gets a code."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from identity.model.account import Account, AccountStatus
from identity.model.sign_in import Outcome, SignIn
from identity.use_cases.demo import demo_sub

CALLBACK, PASSWORD = "http://127.0.0.1:5555/callback", "a long demo password"
Answer = Callable[[TestResponse], dict[str, str]]


def test_the_page_names_who_asks_and_for_what_in_two_languages(browser: Any) -> None:
    page = browser.open()
    assert page.status_code == 200
    assert '<html lang="id">' in page.text and "Portal Medan Smart City" in page.text and "mengetahui nama Anda" in page.text
    assert '<html lang="en">' in browser.open(ui_locales="fr en").text
    assert '<html lang="en">' in browser.client.get("/oauth/authorize", query_string=browser.asked, headers={"Accept-Language": "en"}).text


def test_the_page_asks_nothing_from_outside_and_cannot_be_framed(browser: Any) -> None:
    page = browser.open()
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "script-src" not in policy
    assert "form-action 'self' http://127.0.0.1:5555" in policy
    assert (
        "<script" not in page.text
        and "src=" not in page.text
        and "@import" not in page.text
        and "://" not in page.text.replace(CALLBACK, "")
    )
    assert set(re.findall('href="([^"?]*)', page.text)) == {"/oauth/register", "/oauth/reset"}
    assert page.headers["Cache-Control"] == "no-store" and page.headers["X-Frame-Options"] == "DENY"
    cookie = page.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/oauth" in cookie


def test_every_text_of_the_page_exists_in_both_languages(browser: Any) -> None:
    for language in ("id", "en"):
        assert "page." not in browser.open(ui_locales=language).text
        assert "page." not in browser.submit(browser.open(ui_locales=language), "budi", "wrong").text
        assert "page." not in browser.open(ui_locales=language, client_id="nobody").text


def test_what_is_typed_into_a_request_is_shown_and_never_run(browser: Any) -> None:
    page = browser.open(state='"><script>alert(1)</script>', login_hint="<b>")
    assert "<script>" not in page.text and "<b>" not in page.text


def test_a_right_password_brings_a_code_back_with_state_and_issuer(browser: Any, read_answer: Answer) -> None:
    answer = read_answer(browser.submit(browser.open(), " Budi "))
    assert set(answer) == {"code", "state", "iss"}
    assert (answer["state"], answer["iss"]) == ("s-1", "http://127.0.0.1:8080")


def test_whoever_refuses_goes_back_without_a_code(browser: Any, read_answer: Answer) -> None:
    assert read_answer(browser.submit(browser.open(), "", "", "deny"))["error"] == "access_denied"


def test_a_request_may_also_come_as_a_form(browser: Any) -> None:
    page = browser.client.post("/oauth/authorize", data=browser.asked)
    assert page.status_code == 200 and 'name="password"' in page.text


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "http://127.0.0.1:5555/elsewhere"},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": None},
        {"client_id": "nobody"},
        {"client_id": "\x00"},
        {"client_id": None},
        {"client_id": "bank"},
    ],
)
def test_a_browser_is_never_sent_to_an_address_in_doubt(browser: Any, changed: dict[str, str | None]) -> None:
    page = browser.open(**changed)
    assert page.status_code == 400 and "Location" not in page.headers and page.mimetype == "text/html"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "openid admin"}, "invalid_scope"),
        ({"prompt": "none"}, "login_required"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
    ],
)
def test_what_a_client_asks_wrongly_is_said_to_the_client(
    browser: Any, read_answer: Answer, changed: dict[str, str | None], error: str
) -> None:
    answer = read_answer(browser.open(**changed))
    assert (answer["error"], answer["state"]) == (error, "s-1")


def test_a_parameter_sent_twice_is_refused(browser: Any) -> None:
    assert browser.client.get("/oauth/authorize?client_id=portal&client_id=bank").status_code == 400


def test_a_form_from_another_site_signs_nobody_in(browser: Any, app: Any) -> None:
    """Without the cookie of the browser that was shown the form, or with another browser's token."""
    page = browser.open()
    stranger = app.test_client()
    browser.client, own = stranger, browser.client
    refused = browser.submit(page, "budi")
    assert refused.status_code == 403 and "Location" not in refused.headers
    browser.client = own
    assert browser.submit(page, "budi").status_code == 303


def test_a_wrong_password_and_an_unknown_name_look_alike_and_both_are_kept(browser: Any, session: Session) -> None:
    wrong, unknown = browser.submit(browser.open(), "budi", "wrong"), browser.submit(browser.open(), "nobody-here", "wrong")
    assert wrong.status_code == unknown.status_code == 403
    assert "tidak cocok" in wrong.text and "tidak cocok" in unknown.text
    kept = session.scalars(sa.select(SignIn).order_by(SignIn.at)).all()
    assert [(one.outcome, one.account_id) for one in kept] == [(Outcome.REFUSED, demo_sub("budi")), (Outcome.REFUSED, None)]
    assert kept[0].address == "127.0.0.1" and kept[0].request_id


def test_a_sign_in_is_kept(browser: Any, session: Session) -> None:
    browser.code("siti")
    assert session.scalars(sa.select(SignIn)).one().outcome is Outcome.SIGNED_IN


def test_a_suspended_account_is_refused_like_a_wrong_password(browser: Any, session: Session) -> None:
    account = session.get(Account, demo_sub("budi"))
    assert account is not None
    account.status = AccountStatus.SUSPENDED
    session.commit()
    refused = browser.submit(browser.open(), "budi")
    assert refused.status_code == 403 and "tidak cocok" in refused.text


@pytest.mark.parametrize("login", ["budi", "nobody-here"])
def test_whoever_guesses_must_wait_and_then_even_the_right_password_waits(browser: Any, session: Session, login: str) -> None:
    answers = [browser.submit(browser.open(), login, "wrong") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [403, 403, 403, 403, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 30 and "Tunggu 30 detik" in answers[-1].text
    locked = browser.submit(browser.open(), login)
    assert locked.status_code == 429 and "Terlalu banyak" in locked.text
    kept = session.scalars(sa.select(SignIn.outcome).order_by(SignIn.at)).all()
    assert kept == [*[Outcome.REFUSED] * 5, Outcome.LOCKED]


def test_a_locked_name_locks_no_other_and_is_opened_again_by_its_owner_later(browser: Any, session: Session) -> None:
    for _ in range(5):
        browser.submit(browser.open(), "budi", "wrong")
    assert browser.submit(browser.open(), "siti").status_code == 303
    session.execute(sa.text("UPDATE throttle SET wait_until = wait_until - interval '31 seconds'"))
    session.commit()
    assert browser.submit(browser.open(), "budi").status_code == 303
    assert browser.submit(browser.open(), "budi", "wrong").status_code == 403


@pytest.mark.parametrize(
    ("guesses", "same", "other"),
    [("198.51.100.6", "198.51.100.6", "198.51.100.7"), ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1")],
)
def test_an_address_that_guesses_many_names_must_wait(browser: Any, session: Session, guesses: str, same: str, other: str) -> None:
    """Of IPv6 the whole network that one household has."""

    def sign_in(address: str, login: str, password: str = PASSWORD) -> Any:
        return browser.submit(page, login, password, headers={"X-Forwarded-For": address})

    page = browser.open()
    for number in range(2):
        assert sign_in(guesses, f"name-{number}", "wrong").status_code == 403
    session.execute(sa.text("UPDATE throttle SET failures = 99 WHERE guarded = 'address'"))
    session.commit()
    assert sign_in(same, "name-2", "wrong").status_code == 429
    waits = sign_in(same, "siti")
    assert waits.status_code == 429 and int(waits.headers["Retry-After"]) <= 5
    assert sign_in(other, "siti").status_code == 303


def test_the_minutes_to_wait_are_said(browser: Any, session: Session) -> None:
    browser.submit(browser.open(), "budi", "wrong")
    session.execute(sa.text("UPDATE throttle SET failures = 8 WHERE guarded = 'account'"))
    session.commit()
    locked = browser.submit(browser.open(), "budi", "wrong")
    assert locked.status_code == 429 and "Tunggu 8 menit" in locked.text
    assert "Wait 8 min" in browser.submit(browser.open(ui_locales="en"), "budi").text


@pytest.mark.parametrize("login", ["", "\x00", "a" * 300, "budi'--", "бuди"])
def test_a_name_that_can_be_none_is_refused_kindly(browser: Any, login: str) -> None:
    assert browser.submit(browser.open(), login).status_code == 403


def test_an_endless_password_is_refused_without_being_hashed(browser: Any) -> None:
    assert browser.submit(browser.open(), "budi", "p" * 201).status_code == 403


def test_another_content_type_and_a_huge_form_are_refused(client: FlaskClient) -> None:
    assert client.post("/oauth/authorize", json={"client_id": "portal"}).status_code == 400
    assert client.post("/oauth/authorize", data={"client_id": "p" * 70_000}).status_code == 413


def test_the_sub_of_a_demo_account_is_the_same_everywhere() -> None:
    assert demo_sub("budi") == UUID("9414d0dd-c519-5b1e-961c-70c8e858cd2c")
