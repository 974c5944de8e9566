"""A forgotten password is replaced by a code, a known one by itself; sessions end, and nobody learns who has an account."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from identity.model.account import Account, AccountStatus, email_index
from identity.model.account_change import AccountChange, Change
from identity.model.account_session import AccountSession, EndReason
from identity.use_cases.demo import demo_sub

OLD, NEW = "a long demo password", "kopi sidikalang pagi"
PAGE, CODE, API = "/oauth/reset", "/oauth/reset/confirmation", "/v1/accounts/password-resets"
EMAIL = "budi@example.com"


@pytest.fixture(autouse=True)
def budi(session: Session) -> None:
    """Budi's account has an e-mail address."""
    account = session.get(Account, demo_sub("budi"))
    assert account is not None
    account.email, account.email_index = EMAIL, email_index(EMAIL)
    session.commit()


def ask(person: Any, email: str = EMAIL) -> Any:
    return person.send(person.client.get(PAGE, query_string={"client_id": "portal"}), PAGE, email=email, decision="send")


def test_a_forgotten_password_is_replaced_by_a_code_and_every_session_ends(person: Any, browser: Any, session: Session) -> None:
    tokens = [browser.tokens("budi") for _ in range(2)]
    done = person.send(ask(person), CODE, code=person.code(), password=NEW, decision="confirm")
    assert done.status_code == 200 and "/oauth/authorize?client_id=portal" in done.text
    assert [browser.refresh(one["refresh_token"]).status_code for one in tokens] == [400, 400]
    assert {one.end_reason for one in session.scalars(sa.select(AccountSession))} == {EndReason.PASSWORD_CHANGED}
    assert browser.submit(browser.open(), "budi", OLD).status_code == 403
    assert browser.submit(browser.open(), EMAIL, NEW).status_code == 303
    kept = session.scalars(sa.select(AccountChange)).one()
    assert (kept.account_id, kept.change, kept.address) == (demo_sub("budi"), Change.PASSWORD_RESET, "127.0.0.1") and kept.request_id
    assert "baru saja diganti" in person.letters()[-1].get_content()


def test_an_ended_session_is_told_to_the_gateways_at_once(client: FlaskClient, person: Any, browser: Any) -> None:
    browser.tokens("budi")
    person.send(ask(person), CODE, code=person.code(), password=NEW, decision="confirm")
    assert len(client.get("/oauth/revoked").json["revoked"]) == 1


def plain(page: Any) -> str:
    return re.sub(r'(nonce|value)="[^"]*"', "", page.text)


def test_an_address_without_an_account_looks_like_any_other(person: Any, client: FlaskClient, session: Session) -> None:
    known, unknown = ask(person), ask(person, "nobody@example.com")
    assert (known.status_code, plain(known)) == (unknown.status_code, plain(unknown))
    assert [letter["To"] for letter in person.letters()] == [EMAIL]
    typed = {"code": "123456", "password": NEW, "decision": "confirm"}
    wrong = [person.send(page, CODE, **typed) for page in (known, unknown)]
    assert [page.status_code for page in wrong] == [422, 422] and plain(wrong[0]) == plain(wrong[1])
    answers = [client.post(API, json={"email": email}) for email in (EMAIL, "nobody@example.com")]
    assert [(answer.status_code, set(answer.json)) for answer in answers] == [(202, {"id", "expires_at"})] * 2


def test_a_suspended_account_gets_no_code(person: Any, session: Session) -> None:
    account = session.get(Account, demo_sub("budi"))
    assert account is not None
    account.status = AccountStatus.SUSPENDED
    session.commit()
    ask(person)
    assert person.letters() == []


def test_a_code_of_one_purpose_is_worth_nothing_for_the_other(client: FlaskClient, person: Any) -> None:
    ident = client.post(API, json={"email": EMAIL}).json["id"]
    code = person.code()
    assert client.post(f"/v1/accounts/registrations/{ident}/confirmation", json={"code": code}).status_code == 422
    assert client.post(f"{API}/{ident}/confirmation", json={"code": code, "password": NEW}).status_code == 204


def test_a_bad_new_password_leaves_the_code_good_and_a_wrong_code_the_password(client: FlaskClient, person: Any, browser: Any) -> None:
    ident = client.post(API, json={"email": EMAIL}).json["id"]
    path, code = f"{API}/{ident}/confirmation", person.code()
    refused = client.post(path, json={"code": code, "password": "qwertyuiop"})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["password"])
    assert list(client.post(path, json={"code": "000000", "password": NEW}).json["errors"]) == ["code"]
    assert browser.submit(browser.open(), "budi", OLD).status_code == 303
    assert [client.post(path, json={"code": code, "password": NEW}).status_code for _ in range(2)] == [204, 422]


@pytest.mark.parametrize("own", ["Budi Hasibuan", "1271014203990001", "081234567890", "budi.ganteng", "budi.ganteng@example.com"])
def test_what_is_known_of_me_is_no_new_password_and_leaves_the_code_good(
    client: FlaskClient, person: Any, session: Session, bearer: Callable[[str], dict[str, str]], own: str
) -> None:
    account = session.get(Account, demo_sub("budi"))
    assert account is not None
    account.nik, account.phone, account.email = "1271014203990001", "081234567890", "budi.ganteng@example.com"
    account.email_index = email_index(account.email)
    session.commit()
    ident = client.post(API, json={"email": "budi.ganteng@example.com"}).json["id"]
    path, code = f"{API}/{ident}/confirmation", person.code()
    assert list(client.post(path, json={"code": "000000", "password": own}).json["errors"]) == ["code"], "who has no code learns nothing"
    for _ in range(6):
        assert list(client.post(path, json={"code": code, "password": own}).json["errors"]) == ["password"]
    changed = {"current_password": OLD, "password": own}
    assert list(client.post("/v1/accounts/me/password", json=changed, headers=bearer("budi")).json["errors"]) == ["password"]
    assert client.post(path, json={"code": f" {code[:3]} {code[3:]}", "password": NEW}).status_code == 204


def test_i_change_my_password_and_stay_signed_in_here_alone(
    client: FlaskClient, browser: Any, person: Any, session: Session, bearer: Callable[[str], dict[str, str]]
) -> None:
    elsewhere, here = browser.tokens("budi"), browser.tokens("budi")
    headers = {"Authorization": f"Bearer {here['access_token']}"}
    assert client.post("/v1/accounts/me/password", json={"current_password": OLD, "password": NEW}, headers=headers).status_code == 204
    assert browser.refresh(elsewhere["refresh_token"]).status_code == 400
    assert browser.refresh(here["refresh_token"]).status_code == 200
    assert browser.submit(browser.open(), "budi", NEW).status_code == 303
    assert session.scalars(sa.select(AccountChange.change)).all() == [Change.PASSWORD_CHANGED]
    assert [letter["To"] for letter in person.letters()] == [EMAIL]


def test_who_guesses_the_current_password_with_a_stolen_token_must_wait(
    client: FlaskClient, bearer: Callable[[str], dict[str, str]]
) -> None:
    headers = bearer("budi")

    def change(current: str, new: str = NEW) -> Any:
        return client.post("/v1/accounts/me/password", json={"current_password": current, "password": new}, headers=headers)

    refused = change("wrong")
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["current_password"])
    assert list(change(OLD, "Budi Hasibuan").json["errors"]) == ["password"]
    assert [change("wrong").status_code for _ in range(4)] == [422] * 4
    locked = change(OLD)
    assert locked.status_code == 429 and int(locked.headers["Retry-After"]) > 0
    assert client.post("/v1/accounts/me/password", json={"current_password": OLD, "password": NEW}).status_code == 401


def test_the_pages_speak_both_languages(person: Any) -> None:
    for language in ("id", "en"):
        page = person.client.get(PAGE, query_string={"ui_locales": language})
        sent = person.send(page, PAGE, email=EMAIL, decision="send", ui_locales=language)
        wrong = person.send(page, PAGE, email="x", decision="send", ui_locales=language)
        assert wrong.status_code == 422
        assert all(f'<html lang="{language}">' in one.text and "page." not in one.text for one in (page, sent, wrong))
    assert "A new password" in person.client.post(PAGE, data={"ui_locales": "en"}).text


def test_a_name_and_an_address_of_one_account_are_counted_together(browser: Any) -> None:
    for name in ("budi", EMAIL, "budi", EMAIL):
        browser.submit(browser.open(), name, "wrong")
    assert browser.submit(browser.open(), "budi", "wrong").status_code == 429
    assert browser.submit(browser.open(), EMAIL, OLD).status_code == 429
