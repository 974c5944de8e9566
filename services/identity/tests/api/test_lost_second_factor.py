"""Who has lost the second factor gets in again by an administrator, who cannot do it for themselves; and learns of it."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from identity.model.account import Account
from identity.model.account_change import AccountChange, Change
from identity.model.account_session import AccountSession, EndReason
from identity.model.second_factor import RecoveryCode, SecondFactor
from identity.rules import totp
from identity.use_cases.demo import demo_sub
from smartcity import clock as city_clock

MINE, RESETS = "/v1/accounts/me/second-factor", "/v1/accounts/second-factor-resets"
Bearer = Callable[[str], dict[str, str]]


def enrol(client: FlaskClient, headers: dict[str, str]) -> None:
    shown = client.post(MINE, json={"password": "a long demo password"}, headers=headers).json
    code = totp.code_of(totp.secret_of(shown["secret"]), totp.step_of(city_clock.real_now()))
    assert client.post(f"{MINE}/confirmation", json={"code": code}, headers=headers).status_code == 200


def reset(client: FlaskClient, headers: dict[str, str], login: str = "siti") -> Any:
    return client.post(RESETS, json={"login": login}, headers=headers)


@pytest.fixture
def with_address(session: Session) -> None:
    """Siti can be written to."""
    session.get_one(Account, demo_sub("siti")).email = "siti@example.com"
    session.commit()


def test_who_has_lost_it_gets_in_again_by_the_password_and_is_told(
    client: FlaskClient, browser: Any, bearer: Bearer, person: Any, session: Session, with_address: None
) -> None:
    admin, tokens = bearer("admin"), browser.tokens("siti")
    siti = {"Authorization": f"Bearer {tokens['access_token']}"}
    enrol(client, siti)
    assert browser.submit(browser.open(), "siti").status_code == 200, "the second factor is asked"
    assert reset(client, admin).status_code == 204
    assert not session.scalar(sa.select(sa.func.count()).select_from(SecondFactor)) and not session.scalars(sa.select(RecoveryCode)).all()
    assert browser.refresh(tokens["refresh_token"]).status_code == 400
    ended = session.scalars(sa.select(AccountSession.end_reason).where(AccountSession.account_id == demo_sub("siti"))).all()
    assert ended == [EndReason.SECOND_FACTOR_RESET]
    assert browser.submit(browser.open(), "siti").status_code == 303, "the password opens it"
    (letter,) = [one for one in person.letters() if "diatur ulang" in one["Subject"]]
    assert letter["To"] == "siti@example.com"


def test_who_did_it_is_kept_and_its_owner_sees_that_it_was_done(client: FlaskClient, bearer: Bearer, session: Session) -> None:
    enrol(client, bearer("siti"))
    assert reset(client, bearer("admin")).status_code == 204
    row = session.scalars(sa.select(AccountChange).where(AccountChange.change == Change.SECOND_FACTOR_RESET)).one()
    assert (row.account_id, row.by_sub) == (demo_sub("siti"), str(demo_sub("admin")))
    siti = bearer("siti")
    changes = client.get("/v1/accounts/me/changes", headers=siti).json["items"]
    assert [(one["change"], one["by"]) for one in changes] == [("second_factor_reset", "administrator"), ("second_factor_on", "owner")]
    assert "second factor reset" in {row["purpose"] for row in client.get("/v1/me/data-access", headers=siti).json["items"]}


def test_nobody_resets_their_own(client: FlaskClient, bearer: Bearer, session: Session) -> None:
    admin = bearer("admin")
    enrol(client, admin)
    refused = reset(client, admin, "admin")
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/second-factor-of-oneself")
    assert session.scalar(sa.select(sa.func.count()).select_from(SecondFactor)) == 1


@pytest.mark.parametrize("who", ["budi", "siti", "petugas-dpmptsp", "kadis-dpmptsp", "auditor"])
def test_nobody_but_an_administrator_does_it(client: FlaskClient, bearer: Bearer, session: Session, who: str) -> None:
    siti = bearer("siti")
    enrol(client, siti)
    assert reset(client, siti if who == "siti" else bearer(who)).status_code == 403
    assert session.scalar(sa.select(sa.func.count()).select_from(SecondFactor)) == 1


@pytest.mark.parametrize(
    ("login", "status", "problem"), [("nobody-at-all", 404, "/problems/not-found"), ("budi", 409, "/problems/second-factor-off")]
)
def test_what_is_not_there_is_not_reset(client: FlaskClient, bearer: Bearer, login: str, status: int, problem: str) -> None:
    refused = reset(client, bearer("admin"), login)
    assert (refused.status_code, refused.json["type"]) == (status, problem)
