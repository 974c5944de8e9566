"""What happens when the same thing comes several times at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from identity.model.signing_key import SigningKey
from identity.use_cases.keys import signing_key
from smartcity.http.app import CityFlask

AT_ONCE = 8


def at_once(one: Callable[[int], int]) -> list[int]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(one, range(AT_ONCE)))


def post(app: CityFlask, form: dict[str, str]) -> Callable[[int], int]:
    return lambda _: app.test_client().post("/oauth/token", data=form).status_code


def test_one_code_sent_at_once_is_redeemed_once(app: CityFlask, browser: Any) -> None:
    form = {
        "grant_type": "authorization_code",
        "client_id": "portal",
        "code": browser.code("budi"),
        "redirect_uri": "http://127.0.0.1:5555/callback",
        "code_verifier": "v" * 43,
    }
    assert at_once(post(app, form)) == [200] + [400] * (AT_ONCE - 1)


def test_one_refresh_token_sent_at_once_is_used_once(app: CityFlask, browser: Any) -> None:
    form = {"grant_type": "refresh_token", "client_id": "portal", "refresh_token": browser.tokens("budi")["refresh_token"]}
    assert at_once(post(app, form)) == [200] + [400] * (AT_ONCE - 1)


def test_the_first_key_is_made_once_by_many_who_ask(app: CityFlask, session: Session) -> None:
    assert at_once(lambda _: app.test_client().get("/.well-known/jwks.json").status_code) == [200] * AT_ONCE
    assert session.scalar(sa.select(sa.func.count()).select_from(SigningKey)) == 1


def test_guesses_sent_at_once_are_all_counted(app: CityFlask, browser: Any, session: Session) -> None:
    def guess(_: int) -> int:
        own = type(browser)(app.test_client())
        return int(own.submit(own.open(), "budi", "wrong").status_code)

    answers = at_once(guess)
    counted = session.scalar(sa.text("SELECT failures FROM throttle WHERE guarded = 'account'"))
    kept = session.scalar(sa.text("SELECT count(*) FROM sign_in WHERE outcome = 'refused'"))
    assert counted == kept >= 5 and set(answers) <= {403, 429}
    assert browser.submit(browser.open(), "budi").status_code == 429


def test_who_came_first_and_is_let_in_second_takes_the_key_of_the_one_before(session: Session) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    made = signing_key(session, now + timedelta(milliseconds=5))
    assert signing_key(session, now) is made


def test_a_nib_sent_at_once_by_many_has_one_account(app: CityFlask, browser: Any, session: Session) -> None:
    tokens = [browser.tokens(login)["access_token"] for login in ("budi", "siti")]

    def open_one(turn: int) -> int:
        headers = {"Authorization": f"Bearer {tokens[turn % 2]}", "Idempotency-Key": f"key-{turn}"}
        return app.test_client().post("/v1/accounts/companies", json={"name": "CV", "nib": "8120001234567"}, headers=headers).status_code

    assert at_once(open_one) == [201] + [409] * (AT_ONCE - 1)
    assert session.scalar(sa.text("SELECT count(*) FROM company_person")) == 1
