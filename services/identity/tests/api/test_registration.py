"""A citizen opens an account; and nobody learns who has one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from identity.model.account import Account, email_index
from identity.model.one_time_code import MOST_TRIES, OneTimeCode
from smartcity import clock as city_clock

NEW = {
    "nik": "1271014203990001", "name": "Ratna Sari", "phone": "081234567890", "email": "Ratna@Example.com", "password": "kopi sidikalang pagi",
}  # fmt: skip
FORM, CODE = "/oauth/register", "/oauth/register/confirmation"
API = "/v1/accounts/registrations"


def fill_in(person: Any, language: str = "id", /, **changed: str) -> Any:
    page = person.client.get(FORM, query_string={"ui_locales": language, **REQUEST})
    return person.send(page, FORM, **{**NEW, **changed}, decision="send")


REQUEST = {"client_id": "portal", "response_type": "code", "state": "s-1"}


def open_account(person: Any, **changed: str) -> Any:
    page = fill_in(person, **changed)
    return person.send(page, CODE, code=person.code(), decision="confirm")


def accounts(session: Session) -> int:
    session.expire_all()
    return session.scalar(sa.select(sa.func.count()).select_from(Account).where(Account.nik_index.is_not(None))) or 0


def test_a_citizen_opens_an_account_and_signs_in_with_the_e_mail_address_or_the_name(person: Any, browser: Any, session: Session) -> None:
    done = open_account(person)
    assert done.status_code == 200 and "/oauth/authorize?response_type=code&amp;client_id=portal&amp;state=s-1" in done.text
    welcome = person.letters()[-1]
    assert welcome["To"] == "ratna@example.com" and welcome["Subject"] == "Akun Medan Smart City Anda sudah dibuka"
    account = session.scalars(sa.select(Account).where(Account.email_index == email_index("ratna@example.com"))).one()
    assert (account.nik, account.roles, account.office, account.display_name) == (NEW["nik"], ["citizen"], None, "Ratna Sari")
    assert account.login in welcome.get_content()
    for name in ("RATNA@example.com", account.login):
        assert browser.submit(browser.open(), name, NEW["password"]).status_code == 303
    assert browser.submit(browser.open(), "ratna@example.com", "wrong").status_code == 403


def test_an_account_is_opened_by_a_program_too(client: FlaskClient, person: Any, session: Session) -> None:
    asked = client.post(API, json=NEW)
    assert asked.status_code == 202 and set(asked.json) == {"id", "expires_at"}
    path = f"{API}/{asked.json['id']}/confirmation"
    assert client.post(path, json={"code": person.code()}).status_code == 202
    assert accounts(session) == 1


def test_nothing_of_it_stands_readable_in_the_database_and_what_is_done_with_is_gone(person: Any, session: Session) -> None:
    fill_in(person)
    everything = "SELECT registration::text FROM registration UNION ALL SELECT letter::text FROM letter UNION ALL SELECT one_time_code::text FROM one_time_code"
    kept = "\n".join(session.scalars(sa.text(everything)))
    code = person.code()
    assert kept and not any(text in kept for text in (code, NEW["nik"], "Ratna", "atna@", NEW["phone"], NEW["password"]))
    page = fill_in(person)
    person.send(page, CODE, code=person.code(), decision="confirm")
    person.letters()
    left = {table: session.scalar(sa.text(f"SELECT count(*) FROM {table}")) for table in ("letter", "registration")}
    assert left == {"letter": 0, "registration": 1}
    assert NEW["nik"] not in "".join(session.scalars(sa.text("SELECT account::text FROM account")))


@pytest.mark.parametrize("changed", [{"email": "other@example.com"}, {"nik": "1271014203990002"}], ids=["same NIK", "same e-mail"])
def test_a_nik_or_e_mail_that_has_an_account_looks_like_any_other(person: Any, session: Session, changed: dict[str, str]) -> None:
    free = fill_in(person, email="third@example.com", nik="1271014203990003")
    free_done = person.send(free, CODE, code=person.code(), decision="confirm")
    open_account(person)
    taken = fill_in(person, **changed)
    assert (taken.status_code, plain(taken)) == (free.status_code, plain(free))
    if "nik" in changed:  # no code is sent to who has an account: a wrong one is answered as ever
        letter = person.letters()[-1]
        assert letter["To"] == "ratna@example.com" and "sudah punya akun" in letter["Subject"]
    else:
        taken_done = person.send(taken, CODE, code=person.code(), decision="confirm")
        assert (taken_done.status_code, plain(taken_done)) == (free_done.status_code, plain(free_done))
        told = {letter["To"]: letter["Subject"] for letter in person.letters()[-2:]}
        assert "tidak dapat dibuka" in told["other@example.com"] and "dengan NIK Anda" in told["ratna@example.com"]
    assert accounts(session) == 2


def test_a_nik_typed_in_groups_is_the_same_nik(person: Any, session: Session) -> None:
    assert open_account(person, nik="1271 0142 0399 0001").status_code == 200
    assert session.scalars(sa.select(Account).where(Account.email_index == email_index("ratna@example.com"))).one().nik == NEW["nik"]
    open_account(person, email="other@example.com", nik="12710142 03990001")
    assert accounts(session) == 1


def plain(page: Any) -> str:
    """The page without what differs from one request to the next."""
    import re

    return re.sub(r'(nonce|value)="[^"]*"', "", page.text)


def test_a_code_is_good_for_five_tries_one_use_and_a_quarter_of_an_hour(client: FlaskClient, person: Any, session: Session) -> None:
    def begun(number: int) -> tuple[str, str]:
        sent = client.post(API, json={**NEW, "email": f"r{number}@example.com", "nik": f"127101420399000{number}"}).json
        return f"{API}/{sent['id']}/confirmation", person.code()

    path, code = begun(1)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for _ in range(5):
        refused = client.post(path, json={"code": wrong}, headers={"Accept-Language": "en"})
        assert (refused.status_code, list(refused.json["errors"])) == (422, ["code"])
    assert client.post(path, json={"code": code}).status_code == 422
    path, code = begun(2)
    assert [client.post(path, json={"code": code}).status_code for _ in range(2)] == [202, 422]
    path, code = begun(3)
    session.execute(sa.text("UPDATE one_time_code SET expires_at = now()"))
    session.commit()
    assert client.post(path, json={"code": code}).status_code == 422
    assert client.post(f"{API}/0190a5f0-0000-7000-8000-000000000000/confirmation", json={"code": code}).status_code == 422
    assert accounts(session) == 1


def test_a_code_fits_its_own_registration_alone(client: FlaskClient, person: Any) -> None:
    first = client.post(API, json=NEW).json["id"]
    client.post(API, json={**NEW, "email": "thief@example.com"})
    assert client.post(f"{API}/{first}/confirmation", json={"code": person.code()}).status_code == 422


def test_one_nik_confirmed_at_once_has_one_account(app: Any, client: FlaskClient, person: Any, session: Session) -> None:
    from concurrent.futures import ThreadPoolExecutor

    sent = []
    for number in range(4):
        ident = client.post(API, json={**NEW, "email": f"r{number}@example.com"}).json["id"]
        sent.append((ident, person.code()))
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda one: app.test_client().post(f"{API}/{one[0]}/confirmation", json={"code": one[1]}).status_code, sent)
        assert list(answers) == [202] * 4
    assert accounts(session) == 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("nik", "1234", "NIK"), ("nik", "", "NIK"), ("phone", "12", "ponsel"), ("email", "ratna", "e-mail"), ("email", "a@b\r\nBcc: c@d.id", "e-mail"),
        ("password", "qwertyuiop", "banyak orang"), ("password", "ratnasari1", "nama"), ("name", "", "diterangkan"), ("name", "a\x00b", "karakter"),
    ],
)  # fmt: skip
def test_what_is_filled_in_wrongly_is_said_at_its_field(person: Any, session: Session, field: str, typed: str, said: str) -> None:
    page = fill_in(person, **{field: typed})
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text and said in page.text.split(f'id="{field}-error">')[1].split("</p>")[0]
    assert 'role="alert"' in page.text and NEW["password"] not in page.text
    assert person.letters() == [] and accounts(session) == 0


def test_the_pages_speak_both_languages_and_keep_the_way_back(person: Any) -> None:
    for language in ("id", "en"):
        pages = [
            person.client.get(FORM, query_string={"ui_locales": language}),
            fill_in(person, language),
            fill_in(person, language, nik="1"),
        ]
        assert all(f'<html lang="{language}">' in page.text and "page." not in page.text for page in pages)
        assert all("client_id=portal" in page.text for page in pages[1:])
    english = person.client.post(FORM, data={"ui_locales": "en", "go_on": "client_id=portal&x=1"})
    assert "Open an account" in english.text and "client_id=portal" in english.text and "x=1" not in english.text


def test_a_form_from_another_site_opens_nothing(person: Any, app: Any) -> None:
    page = person.client.get(FORM)
    person.client, own = app.test_client(), person.client
    assert person.send(page, FORM, **NEW, decision="send").status_code == 403
    person.client = own
    assert person.send(page, FORM, **NEW, decision="send").status_code == 200


def test_an_address_that_asks_for_many_codes_must_wait_and_a_recipient_gets_few(client: FlaskClient, person: Any, session: Session) -> None:
    answers = [client.post(API, json=NEW) for _ in range(5)]
    session.execute(sa.text("UPDATE throttle SET failures = 59 WHERE guarded = 'code_address'"))
    session.commit()
    answers += [client.post(API, json=NEW) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202] * 6 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 6 and answers[-1].json["type"] == "/problems/too-often"
    assert len(person.letters()) == 3
    elsewhere = {"X-Forwarded-For": "198.51.100.7"}
    assert client.post(API, json={**NEW, "email": "b@example.com"}, headers=elsewhere).status_code == 202
    page = fill_in(person)
    assert page.status_code == 429 and page.headers["Retry-After"] and " detik, lalu coba lagi" in page.text


def test_a_code_that_was_sent_to_nobody_opens_nothing(client: FlaskClient, session: Session) -> None:
    """Or guesses at it would have no bound but that of the address: letters have."""
    for _ in range(4):
        client.post(API, json=NEW)
    codes = session.scalars(sa.select(OneTimeCode).order_by(OneTimeCode.made_at)).all()
    assert [one.tries for one in codes] == [0, 0, 0, MOST_TRIES]


@pytest.mark.parametrize("phone", ["0812 3456 7890", "0812-3456-7890", "+62 812 3456 7890"])
def test_a_phone_number_may_be_typed_in_groups(person: Any, session: Session, phone: str) -> None:
    assert open_account(person, phone=phone).status_code == 200
    assert session.scalars(sa.select(Account.phone).where(Account.nik_index.is_not(None))).one().endswith("81234567890")


@pytest.mark.parametrize("email", ["_a@example.com", "%b@example.com", "+c@example.com", "-d@example.com", "e%f@example.com"])
def test_whatever_address_opens_an_account_signs_in_and_gets_a_new_password(person: Any, browser: Any, email: str) -> None:
    open_account(person, email=email)
    assert browser.submit(browser.open(), email, NEW["password"]).status_code == 303
    person.send(person.send(person.client.get("/oauth/reset"), "/oauth/reset", email=email, decision="send"), "/oauth/reset")
    assert person.letters()[-1]["To"] == email and "Kode" in person.letters()[-1]["Subject"]


def test_where_no_message_travels_no_account_is_offered(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    from identity.use_cases import channels

    monkeypatch.setitem(channels._named, "mail", channels.Nowhere())
    refused = client.post(API, json=NEW)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/messages-not-sent")


def test_a_letter_that_cannot_be_sent_is_tried_again_and_sent_once(
    client: FlaskClient, person: Any, run_due: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from identity.use_cases import channels

    client.post(API, json=NEW)
    with monkeypatch.context() as away:
        away.setitem(channels._named, "mail", channels.Nowhere())
        assert run_due() == ["failed"]
    assert run_due(city_clock.now() + timedelta(minutes=1)) == ["done"]
    assert len(person.letters()) == 1


def test_what_nobody_confirmed_is_erased(client: FlaskClient, session: Session, run_due: Callable[..., list[str]]) -> None:
    client.get("/.well-known/jwks.json")  # with the first key comes the appointment to erase
    client.post(API, json=NEW)
    session.execute(
        sa.text(
            "UPDATE one_time_code SET expires_at = now(); UPDATE letter SET expires_at = now(); DELETE FROM due WHERE kind = 'identity.send-letter'"
        )
    )
    session.commit()
    run_due(city_clock.now() + timedelta(days=2))
    assert [session.scalar(sa.text(f"SELECT count(*) FROM {table}")) for table in ("one_time_code", "registration", "letter")] == [0, 0, 0]
