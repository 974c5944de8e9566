"""A deputy named in identity for dates acts in licensing on those days and on no others; nobody approves so what was examined in their name."""

from datetime import date, datetime, timedelta

import httpx

from smartcity.calendar import day_of
from tests.integration.city import OFFICE_STEPS, City

OFFICER, EXAMINER, APPROVER = "petugas-dpmptsp", "pemeriksa-dpmptsp", "approver-dpmptsp"
ONE = timedelta(days=1)


def test_a_deputy_approves_on_the_days_named_and_not_what_their_officer_examined(city: City) -> None:
    before, within, after = (_examined(city) for _ in range(3))
    tomorrow = day_of(datetime.fromisoformat(city.application(after)["submitted_at"])) + ONE
    assert _name(city, APPROVER, OFFICER, tomorrow, tomorrow).status_code == 201
    assert _name(city, EXAMINER, APPROVER, tomorrow, tomorrow).status_code == 201
    assert _approved(city, before, OFFICER) == (403, "/problems/not-allowed")
    _tomorrow(city)
    assert _approved(city, before, APPROVER) == (409, "/problems/approver-has-examined")
    assert _approved(city, within, OFFICER) == (200, "")
    _tomorrow(city)
    assert _approved(city, after, OFFICER) == (403, "/problems/not-allowed")
    assert _approved(city, after, APPROVER) == (200, "")


def test_an_administrator_lends_nothing(city: City) -> None:
    today = day_of(datetime.fromisoformat(city.application(city.open_application())["created_at"]))
    refused = _name(city, "admin", OFFICER, today, today)
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["login"])


def _examined(city: City) -> str:
    ident = city.open_application()
    path = f"/v1/permit-applications/{ident}"
    assert city.act(f"{path}/submission", "budi").status_code == 200
    for step, account, body in OFFICE_STEPS[:-1]:
        assert city.act(f"{path}/{step}", account, body, on=path).status_code < 300
    return ident


def _name(city: City, whom: str, deputy: str, first: date, last: date) -> httpx.Response:
    """By the officer, in identity."""
    account = city.get("/v1/accounts/me", whom)["sub"]
    return city.act(f"/v1/accounts/{account}/deputies", whom, {"login": deputy, "from_on": str(first), "until_on": str(last)})


def _approved(city: City, ident: str, account: str) -> tuple[int, str]:
    path = f"/v1/permit-applications/{ident}"
    answer = city.act(f"{path}/approval", account, on=path)
    return answer.status_code, "" if answer.status_code == 200 else answer.json()["type"]


def _tomorrow(city: City) -> None:
    """The suite's day passes, and everybody signs in anew."""
    city.move_clock("+1d")
    city.tokens.clear()
