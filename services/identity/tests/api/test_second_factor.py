"""The second factor: set up, asked for, replaced by a recovery code, required of officers."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from identity.model.account_change import AccountChange, Change
from identity.model.second_factor import SecondFactor
from identity.model.sign_in import Outcome, SignIn
from identity.rules import totp
from identity.use_cases.demo import demo_sub
from smartcity import clock as city_clock
from smartcity.http.app import CityFlask

PATH, PASSWORD = "/v1/accounts/me/second-factor", "a long demo password"
Bearer = Callable[[str], dict[str, str]]


def code(secret: str, steps: int = 0) -> str:
    """What the authenticator shows now, or (to be the newest for whoever was shown the one before) a step from now."""
    return totp.code_of(totp.secret_of(secret), totp.step_of(city_clock.real_now()) + steps)


def enrol(client: FlaskClient, headers: dict[str, str]) -> tuple[str, list[str]]:
    shown = client.post(PATH, json={"password": PASSWORD}, headers=headers)
    assert shown.status_code == 201, shown.text
    confirmed = client.post(f"{PATH}/confirmation", json={"code": code(shown.json["secret"])}, headers=headers)
    assert confirmed.status_code == 200, confirmed.text
    return shown.json["secret"], confirmed.json["recovery_codes"]


def step(browser: Any, page: Any, typed: str, decision: str = "code") -> Any:
    return browser.submit(page, "", "", decision, extra={"code": typed})


def test_a_second_factor_is_set_up_and_then_asked_at_sign_in(client: FlaskClient, browser: Any, bearer: Bearer, session: Session) -> None:
    budi = bearer("budi")
    assert client.get(PATH, headers=budi).json == {"status": "off", "confirmed_at": None, "recovery_codes_left": 0}
    secret, codes = enrol(client, budi)
    assert len(set(codes)) == 10 and all(re.fullmatch(r"[a-z2-9]{5}-[a-z2-9]{5}", one) for one in codes)
    shown = client.get(PATH, headers=budi).json
    assert (shown["status"], shown["recovery_codes_left"]) == ("on", 10) and shown["confirmed_at"]
    page = browser.submit(browser.open(), "budi")
    assert page.status_code == 200 and "Satu langkah lagi" in page.text and "Location" not in page.headers
    assert step(browser, page, code(secret, 1)).status_code == 303
    outcomes = session.scalars(sa.select(SignIn.outcome).order_by(SignIn.at)).all()
    assert outcomes == [Outcome.SIGNED_IN, Outcome.SECOND_FACTOR_ASKED, Outcome.SIGNED_IN]


def test_the_code_that_comes_of_it_is_as_good_as_any(client: FlaskClient, browser: Any, bearer: Bearer, read_answer: Any) -> None:
    secret, _ = enrol(client, bearer("budi"))
    shown = code(secret, 1)
    answer = read_answer(step(browser, browser.submit(browser.open(), "budi"), f" {shown[:3]} {shown[3:]} "))
    assert answer["state"] == "s-1" and browser.redeem(answer["code"]).status_code == 200


def test_a_code_counts_once(client: FlaskClient, browser: Any, bearer: Bearer) -> None:
    secret, _ = enrol(client, bearer("budi"))
    pages, typed = [browser.submit(browser.open(), "budi") for _ in range(2)], code(secret, 1)
    assert [step(browser, page, typed).status_code for page in pages] == [303, 422]


def test_a_recovery_code_counts_once_instead_and_is_told(client: FlaskClient, browser: Any, bearer: Bearer, session: Session) -> None:
    _, codes = enrol(client, bearer("budi"))
    pages = [browser.submit(browser.open(), "budi") for _ in range(2)]
    assert [step(browser, page, codes[3].upper().replace("-", "")).status_code for page in pages] == [303, 422]
    assert set(session.scalars(sa.select(AccountChange.change))) == {Change.SECOND_FACTOR_ON, Change.RECOVERY_CODE_USED}


def test_a_recovery_code_of_somebody_else_opens_nothing(client: FlaskClient, browser: Any, bearer: Bearer) -> None:
    _, codes = enrol(client, bearer("siti"))
    enrol(client, bearer("budi"))
    assert step(browser, browser.submit(browser.open(), "budi"), codes[0]).status_code == 422


def test_who_guesses_codes_must_wait(client: FlaskClient, browser: Any, bearer: Bearer, session: Session) -> None:
    secret, _ = enrol(client, bearer("budi"))
    page = browser.submit(browser.open(), "budi")
    wrong = f"{(int(code(secret, 1)) + 1) % 10**6:06}"
    answers = [step(browser, page, wrong) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 5 and "tidak cocok" in answers[0].text
    locked = step(browser, page, code(secret, 1))
    assert locked.status_code == 429 and int(locked.headers["Retry-After"]) > 0
    kept = session.scalars(sa.select(SignIn).where(SignIn.outcome == Outcome.SECOND_FACTOR_REFUSED)).all()
    assert len(kept) == 6 and {one.account_id for one in kept} == {demo_sub("budi")}


def test_the_step_belongs_to_its_browser_its_request_and_its_moment(
    client: FlaskClient, app: CityFlask, browser: Any, bearer: Bearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, _ = enrol(client, bearer("budi"))
    page = browser.submit(browser.open(), "budi")
    own, browser.client = browser.client, app.test_client()
    assert step(browser, page, code(secret, 1)).status_code == 403
    browser.client = own
    other = browser.submit(page, "", "", "code", extra={"code": code(secret, 1), "redirect_uri": "http://127.0.0.1:9/callback"})
    assert other.status_code == 403
    assert browser.submit(page, "", "", "enrolled", extra={}).status_code == 403
    assert browser.submit(page, "", "", "code", extra={"code": code(secret, 1), "ticket": "x"}).status_code == 403
    later = city_clock.real_now() + timedelta(minutes=11)
    with monkeypatch.context() as moved:
        moved.setattr(city_clock, "real_now", lambda: later)
        assert step(browser, page, code(secret, 1)).status_code == 403
    assert step(browser, page, code(secret, 1)).status_code == 303


def test_the_password_alone_or_a_token_alone_sets_up_and_takes_off_nothing(client: FlaskClient, bearer: Bearer, session: Session) -> None:
    budi = bearer("budi")
    assert client.post(PATH, json={"password": "wrong"}, headers=budi).status_code == 422
    assert client.post(f"{PATH}/confirmation", json={"code": "123456"}, headers=budi).json["type"] == "/problems/second-factor-not-shown"
    secret, codes = enrol(client, budi)
    assert client.post(PATH, json={"password": PASSWORD}, headers=budi).json["type"] == "/problems/second-factor-on"
    for sent in ({"password": "wrong", "code": code(secret, 1)}, {"password": PASSWORD, "code": "x"}):
        assert client.post(f"{PATH}/removal", json=sent, headers=budi).status_code == 422
    assert client.post(f"{PATH}/removal", json={"password": PASSWORD, "code": codes[0]}, headers=budi).status_code == 204
    assert client.get(PATH, headers=budi).json["status"] == "off"
    assert session.scalar(sa.text("SELECT count(*) FROM recovery_code")) == 0
    assert client.get(PATH).status_code == 401


def test_one_that_was_never_confirmed_is_asked_of_nobody_and_replaced(client: FlaskClient, browser: Any, bearer: Bearer) -> None:
    budi = bearer("budi")
    first = client.post(PATH, json={"password": PASSWORD}, headers=budi).json["secret"]
    assert browser.submit(browser.open(), "budi").status_code == 303
    second = client.post(PATH, json={"password": PASSWORD}, headers=budi).json["secret"]
    assert client.post(f"{PATH}/confirmation", json={"code": code(first)}, headers=budi).status_code == 422
    assert client.post(f"{PATH}/confirmation", json={"code": code(second)}, headers=budi).status_code == 200


def test_no_secret_of_it_stands_readable_in_the_database(client: FlaskClient, bearer: Bearer, session: Session) -> None:
    secret, codes = enrol(client, bearer("budi"))
    rows = session.scalars(sa.text("SELECT second_factor::text FROM second_factor UNION ALL SELECT recovery_code::text FROM recovery_code"))
    kept = "\n".join(rows)
    assert kept and secret not in kept and codes[0] not in kept and codes[0].replace("-", "") not in kept


@pytest.fixture
def required(app: CityFlask) -> None:
    """The city requires it of officers."""
    config = app.extensions["smartcity.settings"]
    object.__setattr__(config, "extra", MappingProxyType({**config.extra, "SECOND_FACTOR": "officers"}))


@pytest.mark.usefixtures("required")
def test_an_officer_without_one_sets_it_up_at_sign_in(browser: Any, client: FlaskClient, session: Session) -> None:
    officer = "petugas-pu"
    page = browser.submit(browser.open(), officer)
    assert (
        page.status_code == 200
        and "<svg" in page.text
        and 'role="img"' in page.text
        and "://" not in page.text.split("<svg")[1].split("</svg>")[0]
    )
    secret = session.scalars(sa.select(SecondFactor)).one().secret
    assert secret in page.text
    again = step(browser, page, "000000" if code(secret) != "000000" else "111111", "enrol")
    assert again.status_code == 422 and secret in again.text
    codes = step(browser, again, code(secret), "enrol")
    assert codes.status_code == 200 and len(re.findall(r"<code>[a-z2-9]{5}-[a-z2-9]{5}</code>", codes.text)) == 10
    assert step(browser, codes, "", "enrolled").status_code == 303
    assert "Satu langkah lagi" in browser.submit(browser.open(), officer).text


@pytest.mark.usefixtures("required")
def test_it_is_required_of_officers_alone_and_stays(browser: Any, client: FlaskClient, bearer: Bearer, session: Session) -> None:
    assert browser.submit(browser.open(), "budi").status_code == 303
    page = browser.submit(browser.open(), "petugas-pu")
    secret = session.scalars(sa.select(SecondFactor)).one().secret
    codes = step(browser, page, code(secret), "enrol")
    answer = step(browser, codes, "", "enrolled")
    token = browser.redeem(re.search("code=([^&]+)", answer.location)[1]).json["access_token"]  # type: ignore[index]
    sent = {"password": PASSWORD, "code": code(secret, 1)}
    refused = client.post(f"{PATH}/removal", json=sent, headers={"Authorization": f"Bearer {token}"})
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/second-factor-required")


@pytest.mark.usefixtures("required")
def test_every_page_of_it_speaks_both_languages(browser: Any, session: Session) -> None:
    for language, officer in (("id", "petugas-pu"), ("en", "registrar")):
        page = browser.submit(browser.open(ui_locales=language), officer)
        secret = session.scalars(sa.select(SecondFactor).where(SecondFactor.account_id == demo_sub(officer))).one().secret
        codes = step(browser, page, code(secret), "enrol")
        done = step(browser, codes, "", "enrolled")
        asked = browser.submit(browser.open(ui_locales=language), officer)
        assert done.status_code == 303
        assert all(f'<html lang="{language}">' in one.text and "page." not in one.text for one in (page, codes, asked))
