"""Whoever registers another's NIK first does not keep them out: the office closes that account, by two people, and the NIK is its person's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from identity.model.account import Account, AccountStatus, nik_index
from identity.model.account_closure import AccountClosure
from identity.model.account_session import AccountSession
from identity.model.deputyship import Deputyship
from identity.use_cases.demo import demo_sub
from smartcity import clock as city_clock
from smartcity.access_log import AccessRow

NIK = "1271014203990001"
STRANGER = {"nik": NIK, "name": "Ratna Sari", "phone": "081234567890", "email": "stranger@example.com", "password": "kopi sidikalang pagi"}
RATNA = {**STRANGER, "email": "ratna@example.com", "password": "teh manis sore hari"}
API, CLOSURES, QUEUE = "/v1/accounts/registrations", "/v1/accounts/closures", "/v1/work-queues/identity/closures"
Bearer = Callable[[str], dict[str, str]]


def register(client: FlaskClient, person: Any, who: dict[str, str]) -> str:
    """Ask for an account and confirm it; answers what the address was told."""
    asked = client.post(API, json=who).json["id"]
    client.post(f"{API}/{asked}/confirmation", json={"code": person.code()})
    return str([letter for letter in person.letters() if letter["To"] == who["email"]][-1]["Subject"])


@pytest.fixture
def stranger(client: FlaskClient, person: Any) -> str:
    """Somebody else was first: their login."""
    assert register(client, person, STRANGER) == "Akun Medan Smart City Anda sudah dibuka"
    return STRANGER["email"]


def ask(client: FlaskClient, headers: dict[str, str], **changed: str) -> TestResponse:
    sent = {"nik": NIK, "reason": "opened_by_another", "email": RATNA["email"], **changed}
    return client.post(CLOSURES, json=sent, headers={**headers, "Idempotency-Key": f"key-{changed}"})


def decide(client: FlaskClient, headers: dict[str, str], asked: TestResponse, outcome: str = "closed") -> TestResponse:
    path = f"{QUEUE}/{asked.json['id']}/decision"
    return client.post(path, json={"outcome": outcome}, headers={**headers, "If-Match": asked.headers["ETag"]})


def test_the_true_person_opens_an_account_once_two_administrators_have_closed_the_strangers(
    client: FlaskClient, browser: Any, bearer: Bearer, person: Any, stranger: str
) -> None:
    assert "tidak dapat dibuka" in register(client, person, RATNA)
    (told,) = [letter for letter in person.letters() if letter["To"] == RATNA["email"] and "tidak dapat dibuka" in letter["Subject"]]
    assert "datang ke kantor dengan membawa KTP" in told.get_content()
    asked = ask(client, bearer("admin"))
    assert (asked.status_code, asked.json["display_name"], asked.json["status"]) == (201, "Ratna Sari", "asked")
    assert browser.submit(browser.open(), stranger, STRANGER["password"]).status_code == 303, "nothing has changed yet"
    assert decide(client, bearer("admin-kedua"), asked).json["status"] == "closed"
    assert browser.submit(browser.open(), stranger, STRANGER["password"]).status_code == 403
    told = {letter["To"]: letter for letter in person.letters()[-2:]}
    assert "ditutup" in told[stranger]["Subject"] and "orang lain" in told[stranger].get_content()
    assert "dapat membuka akun" in told[RATNA["email"]]["Subject"]
    assert register(client, person, RATNA) == "Akun Medan Smart City Anda sudah dibuka"
    assert browser.submit(browser.open(), RATNA["email"], RATNA["password"]).status_code == 303


def test_the_strangers_sessions_end_and_their_tokens_with_them(
    client: FlaskClient, browser: Any, bearer: Bearer, stranger: str, session: Session
) -> None:
    code = browser.submit(browser.open(), stranger, STRANGER["password"]).location.split("code=")[1].split("&")[0]
    tokens = browser.redeem(code).json
    decide(client, bearer("admin-kedua"), ask(client, bearer("admin")))
    account = session.scalars(sa.select(Account).where(Account.status == AccountStatus.CLOSED)).one()
    ended = session.scalars(sa.select(AccountSession.id).where(AccountSession.account_id == account.id)).all()
    assert ended and {str(one) for one in ended} <= set(client.get("/oauth/revoked").json["revoked"])
    assert browser.refresh(tokens["refresh_token"]).json["error"] == "invalid_grant"
    asked = {"token": tokens["access_token"]}
    assert client.post("/oauth/introspect", data=asked, auth=("bank", "a secret: of the bank")).json == {"active": False}


def test_nothing_but_the_way_in_is_gone_and_who_did_it_is_kept(
    client: FlaskClient, browser: Any, bearer: Bearer, stranger: str, session: Session
) -> None:
    browser.submit(browser.open(), stranger, STRANGER["password"])
    decide(client, bearer("admin-kedua"), ask(client, bearer("admin")))
    account = session.scalars(sa.select(Account).where(Account.status == AccountStatus.CLOSED)).one()
    assert (account.nik, account.nik_index, account.email_index, account.password_hash) == (NIK, None, None, None)
    for table, rows in (("sign_in", 1), ("account_change", 2)):
        assert session.scalar(sa.text(f"SELECT count(*) FROM {table} WHERE account_id = :id"), {"id": account.id}) == rows
    closure = session.scalars(sa.select(AccountClosure)).one()
    both = (str(demo_sub("admin")), str(demo_sub("admin-kedua")))
    assert (closure.asked_by_sub, closure.decided_by_sub) == both
    looks = session.scalars(sa.select(AccessRow).where(AccessRow.person == account.sub).order_by(AccessRow.id)).all()
    assert [(row.actor, row.purpose) for row in looks] == list(zip(both, ("closure asked", "closure closed"), strict=True))


def test_who_asked_does_not_decide_nor_does_who_acts_for_them(client: FlaskClient, bearer: Bearer, stranger: str, session: Session) -> None:
    admin, second = demo_sub("admin"), demo_sub("admin-kedua")
    asked = ask(client, bearer("admin"))
    for account in session.scalars(sa.select(Account).where(Account.id.in_((admin, second)))):
        account.office = "DISKOMINFO"
    day = city_clock.today()
    session.add(Deputyship(
        account_id=admin, deputy_id=second, from_on=day, until_on=day + timedelta(days=1), named_by=str(admin), named_at=city_clock.real_now()
    ))  # fmt: skip
    session.commit()
    for login in ("admin", "admin-kedua"):
        refused = decide(client, bearer(login), asked)
        assert (refused.status_code, refused.json["type"]) == (409, "/problems/same-person-twice"), login
    assert session.scalar(sa.select(Account.status).where(Account.nik_index == nik_index(NIK))) is AccountStatus.ACTIVE


def test_nobody_closes_their_own_account_so(client: FlaskClient, bearer: Bearer, session: Session) -> None:
    session.get_one(Account, demo_sub("admin")).nik_index = nik_index(NIK)
    session.commit()
    mine = ask(client, bearer("admin"))
    assert (mine.status_code, mine.json["type"]) == (409, "/problems/own-case")
    asked = ask(client, bearer("admin-kedua"))
    refused = decide(client, bearer("admin"), asked)
    assert (asked.status_code, refused.status_code, refused.json["type"]) == (201, 409, "/problems/own-case")


def test_for_a_month_the_nik_is_kept_for_who_showed_the_ktp(
    client: FlaskClient, bearer: Bearer, person: Any, stranger: str, session: Session
) -> None:
    """The stranger knows it, and is told first."""
    decide(client, bearer("admin-kedua"), ask(client, bearer("admin")))
    assert "tidak dapat dibuka" in register(client, person, STRANGER)
    assert session.scalar(sa.select(sa.func.count()).where(Account.nik_index == nik_index(NIK))) == 0
    session.execute(sa.text("UPDATE account_closure SET decided_at = decided_at - interval '30 days 1 minute'"))
    session.commit()
    assert register(client, person, STRANGER) == "Akun Medan Smart City Anda sudah dibuka"


def test_the_address_left_at_the_office_is_forgotten_when_it_serves_no_more(
    client: FlaskClient, bearer: Bearer, stranger: str, session: Session, run_due: Callable[..., list[str]]
) -> None:
    decide(client, bearer("admin-kedua"), ask(client, bearer("admin")))
    for days, left in ((29, RATNA["email"]), (31, None)):
        session.execute(sa.text("UPDATE account_closure SET decided_at = now() - make_interval(days => :days)"), {"days": days})
        session.commit()
        run_due(city_clock.now() + timedelta(days=days))
        assert session.scalars(sa.select(AccountClosure.email).execution_options(populate_existing=True)).all() == [left]
    assert session.scalars(sa.select(AccountClosure.email_index)).all() == [None]


def test_what_was_refused_changes_nothing_and_may_be_asked_again(client: FlaskClient, browser: Any, bearer: Bearer, stranger: str) -> None:
    admin, second = bearer("admin"), bearer("admin-kedua")
    asked = ask(client, admin)
    again = ask(client, admin, reason="died")
    assert (again.status_code, again.json["type"]) == (409, "/problems/closure-asked")
    assert [row["id"] for row in client.get(QUEUE, headers=second).json["items"]] == [asked.json["id"]]
    refused = decide(client, second, asked, "refused")
    assert refused.status_code == 200 and client.get(QUEUE, headers=second).json["items"] == []
    twice = client.post(
        f"{QUEUE}/{asked.json['id']}/decision", json={"outcome": "closed"}, headers={**second, "If-Match": refused.headers["ETag"]}
    )
    assert (twice.status_code, twice.json["type"]) == (409, "/problems/closure-decided")
    assert browser.submit(browser.open(), stranger, STRANGER["password"]).status_code == 303
    assert ask(client, admin, reason="address_lost").status_code == 201


def test_what_another_issuer_was_linked_with_goes_with_the_account(
    client: FlaskClient, browser: Any, bearer: Bearer, person: Any, other_issuer: Any, stranger: str
) -> None:
    stub = other_issuer()

    def by_the_other() -> TestResponse:
        away = browser.submit(browser.open(), "", "", "federation")
        return browser.client.get(stub.authorize(away.location).removeprefix("http://127.0.0.1:8080"))  # type: ignore[no-any-return]

    browser.submit(by_the_other(), "", STRANGER["password"], "prove")
    assert by_the_other().status_code == 303
    decide(client, bearer("admin-kedua"), ask(client, bearer("admin")))
    assert by_the_other().status_code == 403
    register(client, person, RATNA)
    assert browser.submit(by_the_other(), "", RATNA["password"], "prove").status_code == 303


def test_a_nik_that_nobody_has_is_not_found(client: FlaskClient, bearer: Bearer) -> None:
    assert ask(client, bearer("admin")).status_code == 404
