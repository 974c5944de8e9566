"""A deputy acts for an officer on the days named, with the officer's roles and saying for whom; and passes nothing on."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from identity.use_cases.demo import demo_sub
from smartcity import clock as city_clock
from smartcity.http.app import CityFlask
from smartcity.http.auth import Actor
from smartcity.testing.city_clock import TestClock

EXAMINER, APPROVER, HEAD, OFFICER = "pemeriksa-dpmptsp", "approver-dpmptsp", "kadis-dpmptsp", "petugas-dpmptsp"


@pytest.fixture
def today(clock: TestClock) -> date:
    """The suite's day; moving the clock does not change it."""
    return city_clock.today()


@pytest.fixture
def name(client: FlaskClient, bearer: Callable[[str], dict[str, str]], today: date) -> Callable[..., TestResponse]:
    """`name(EXAMINER, APPROVER, 0, 2, by=HEAD)`: from today for three days."""

    def do(whom: str, deputy: str, first: int = 0, last: int = 0, *, by: str = "") -> TestResponse:
        days = {"from_on": str(today + timedelta(days=first)), "until_on": str(today + timedelta(days=last))}
        return client.post(f"/v1/accounts/{demo_sub(whom)}/deputies", json={"login": deputy, **days}, headers=bearer(by or whom))

    return do


@pytest.fixture
def actor(browser: Any, app: CityFlask) -> Callable[[str], Actor]:
    """Who a fresh token of an account speaks for."""
    return lambda login: app.verifier.actor(browser.tokens(login)["access_token"])


def test_on_the_days_named_the_deputys_token_has_the_roles_and_says_for_whom(
    name: Any, actor: Any, clock: TestClock, browser: Any, app: CityFlask
) -> None:
    assert name(EXAMINER, APPROVER, 1, 2).status_code == 201
    seen = []
    for _ in range(4):
        who = actor(APPROVER)
        seen.append((sorted(who.roles), set(who.acting_for)))
        clock.advance(days=1)
    before = (["approver"], set())
    acting = (["approver", "examiner"], {str(demo_sub(EXAMINER))})
    assert seen == [before, acting, acting, before]
    claims = app.verifier.claims(browser.tokens(EXAMINER)["access_token"])
    assert claims["roles"] == ["examiner"] and "acting_for" not in claims


def test_a_refresh_on_the_next_day_says_it_anew(name: Any, browser: Any, app: CityFlask, clock: TestClock) -> None:
    name(EXAMINER, APPROVER)
    tokens = browser.tokens(APPROVER)
    assert app.verifier.actor(tokens["access_token"]).acting_for
    clock.advance(days=1)
    assert not app.verifier.actor(browser.refresh(tokens["refresh_token"]).json["access_token"]).acting_for


def test_ended_early_the_next_token_no_longer_has_it(
    name: Any, actor: Any, client: FlaskClient, bearer: Callable[[str], dict[str, str]]
) -> None:
    made = name(EXAMINER, APPROVER, 0, 5)
    assert actor(APPROVER).acting_for
    path = f"{made.request.path}/{made.json['id']}/revocation"
    assert client.post(path, headers=bearer(OFFICER)).status_code == 404
    ended = client.post(path, headers=bearer(HEAD))
    assert (ended.status_code, ended.json["ended_by"]) == (200, str(demo_sub(HEAD)))
    assert (actor(APPROVER).acting_for, actor(APPROVER).roles) == (frozenset(), {"approver"})
    assert client.post(path, headers=bearer(EXAMINER)).json["type"] == "/problems/deputyship-over"
    assert client.post(f"{made.request.path}/{uuid4()}/revocation", headers=bearer(HEAD)).status_code == 404
    assert name(EXAMINER, OFFICER, 0, 5).status_code == 201


@pytest.mark.parametrize(("first", "last", "answer"), [(0, 2, 409), (2, 2, 409), (5, 9, 409), (0, 9, 409), (0, 1, 201), (6, 6, 201)])
def test_there_is_one_deputy_on_a_day(name: Any, first: int, last: int, answer: int) -> None:
    assert name(EXAMINER, APPROVER, 2, 5).status_code == 201
    second = name(EXAMINER, OFFICER, first, last)
    assert second.status_code == answer
    assert answer == 201 or second.json["type"] == "/problems/deputy-dates-overlap"


def test_one_may_act_for_two_at_once(name: Any, actor: Any) -> None:
    assert name(EXAMINER, APPROVER).status_code == name(OFFICER, APPROVER).status_code == 201
    who = actor(APPROVER)
    assert who.acting_for == {str(demo_sub(EXAMINER)), str(demo_sub(OFFICER))} and who.roles == {"approver", "examiner", "officer"}


@pytest.mark.parametrize("role", ["admin", "auditor", "citizen"])
def test_what_is_of_no_office_is_lent_to_nobody(name: Any, actor: Any, session: Session, role: str) -> None:
    session.execute(
        sa.text("UPDATE account SET roles = roles || to_jsonb(CAST(:more AS text)) WHERE login = :login"), {"more": role, "login": EXAMINER}
    )
    session.commit()
    assert name(EXAMINER, APPROVER).status_code == 201
    assert actor(APPROVER).roles == {"approver", "examiner"}
    assert role in actor(EXAMINER).roles


def test_a_deputy_passes_nothing_on(name: Any, actor: Any) -> None:
    assert name(HEAD, EXAMINER).status_code == 201
    assert name(EXAMINER, OFFICER).status_code == 201
    assert actor(EXAMINER).has("head")
    assert (actor(OFFICER).roles, actor(OFFICER).acting_for) == ({"officer", "examiner"}, {str(demo_sub(EXAMINER))})
    refused = name(HEAD, OFFICER, 3, 3, by=EXAMINER)
    assert (refused.status_code, refused.json["type"]) == (403, "/problems/deputy-cannot-pass-on")


@pytest.mark.parametrize("by", [HEAD, EXAMINER, "admin"])
def test_the_officer_the_head_and_an_administrator_name_one(name: Any, by: str, session: Session) -> None:
    assert name(EXAMINER, APPROVER, by=by).json["named_by"] == str(demo_sub(by))


@pytest.mark.parametrize(("by", "status"), [(OFFICER, 404), ("kuasa-bud", 404), ("kadis-dukcapil", 404), ("budi", 404), ("auditor", 404)])
def test_nobody_else_does(name: Any, by: str, status: int) -> None:
    assert name(EXAMINER, APPROVER, by=by).status_code == status


@pytest.mark.parametrize(("whom", "deputy", "by"), [(EXAMINER, HEAD, HEAD), (EXAMINER, EXAMINER, EXAMINER), (EXAMINER, EXAMINER, HEAD)])
def test_nobody_names_themselves(name: Any, whom: str, deputy: str, by: str) -> None:
    refused = name(whom, deputy, by=by)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/deputy-not-oneself")


@pytest.mark.parametrize("deputy", ["registrar", "budi", "admin", "nobody"])
def test_a_deputy_is_of_the_same_office(name: Any, deputy: str) -> None:
    refused = name(EXAMINER, deputy)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["login"])


@pytest.mark.parametrize(("first", "last", "field"), [(-1, 2, "from_on"), (2, 1, "until_on"), (0, 366, "until_on")])
def test_days_gone_by_days_in_disorder_and_more_than_a_year_are_refused(name: Any, first: int, last: int, field: str) -> None:
    refused = name(EXAMINER, APPROVER, first, last)
    assert (refused.status_code, list(refused.json["errors"])) == (422, [field])


def test_a_deputy_may_be_named_for_a_year(name: Any) -> None:
    assert name(EXAMINER, APPROVER, 3, 368).status_code == 201


def test_a_citizen_has_no_deputy(name: Any) -> None:
    assert name("budi", "siti").status_code == 422


@pytest.mark.parametrize("change", ["status = 'suspended'", "office = 'BKAD'"])
def test_whoever_left_lends_nothing(name: Any, actor: Any, session: Session, change: str) -> None:
    name(EXAMINER, APPROVER)
    session.execute(sa.text(f"UPDATE account SET {change} WHERE login = '{EXAMINER}'"))
    session.commit()
    assert (actor(APPROVER).acting_for, actor(APPROVER).roles) == (frozenset(), {"approver"})


def test_it_stays_on_record_who_named_whom(
    name: Any, client: FlaskClient, bearer: Callable[[str], dict[str, str]], clock: TestClock
) -> None:
    made = [name(EXAMINER, APPROVER, day, day).json["id"] for day in (0, 1, 2)]
    clock.advance(days=20)
    path = f"/v1/accounts/{demo_sub(EXAMINER)}/deputies"
    first = client.get(f"{path}?limit=2", headers=bearer(HEAD)).json
    rest = client.get(f"{path}?limit=2&cursor={first['next']}", headers=bearer("auditor")).json
    assert [row["id"] for row in first["items"] + rest["items"]] == made[::-1]
    assert client.get(path, headers=bearer(OFFICER)).status_code == 404
