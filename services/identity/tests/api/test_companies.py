"""A company's account: one by NIB, its people by invitation, and what a token says of it."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from identity.use_cases import companies

NIB = "8120001234567"
COMPANY = {"name": "CV Deli Jaya", "nib": NIB}


@dataclass
class Counter:
    """Everybody at once, each with a token of a real sign-in."""

    client: FlaskClient
    browser: Any
    key: Callable[[], dict[str, str]]

    def token(self, login: str) -> str:
        return str(self.browser.tokens(login)["access_token"])

    def post(self, login: str, path: str, body: Any = None) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token(login)}", **self.key()}
        return self.client.post(f"/v1/accounts/{path}", json=body, headers=headers)

    def get(self, login: str, path: str) -> Any:
        answer = self.client.get(f"/v1/accounts/{path}", headers={"Authorization": f"Bearer {self.token(login)}"})
        return answer.json if answer.status_code == 200 else answer.status_code

    def opened(self) -> str:
        answer = self.post("budi", "companies", COMPANY)
        assert answer.status_code == 201, answer.json
        return str(answer.json["sub"])

    def joined(self, company: str, login: str = "siti", role: str = "staff") -> str:
        """The place of somebody who was invited and came."""
        place = self.post("budi", f"companies/{company}/people", {"login": login, "role": role}).json["id"]
        assert self.post(login, f"invitations/{place}/acceptance").status_code == 200
        return str(place)


@pytest.fixture
def counter(client: FlaskClient, browser: Any, key: Callable[[], dict[str, str]]) -> Counter:
    return Counter(client, browser, key)


def claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    found: dict[str, Any] = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found


def test_whoever_opens_a_company_owns_it_and_the_next_token_acts_for_it(counter: Counter) -> None:
    assert "companies" not in claims(counter.token("budi"))
    company = counter.opened()
    assert claims(counter.token("budi"))["companies"] == [{"sub": company, "role": "owner"}]
    assert counter.get("budi", "companies")["items"] == [{"sub": company, **COMPANY}]


def test_a_token_says_neither_the_nib_nor_a_name(counter: Counter) -> None:
    counter.opened()
    said = json.dumps(claims(counter.token("budi")))
    assert NIB not in said and "Deli" not in said and "Budi" not in said


@pytest.mark.parametrize("nib", ["812000123456", "81200012345678", "812000123456a", "８１２０００１２３４５６７", ""])
def test_a_nib_of_wrong_form_is_refused(counter: Counter, nib: str) -> None:
    answer = counter.post("budi", "companies", {"name": "CV", "nib": nib})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["nib"])


def test_a_nib_has_one_account(counter: Counter) -> None:
    counter.opened()
    answer = counter.post("siti", "companies", COMPANY)
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/nib-taken")


def test_neither_nib_nor_names_are_readable_in_the_database(counter: Counter, session: Session) -> None:
    counter.joined(counter.opened())
    kept = "\n".join(
        session.scalars(sa.text("SELECT company::text FROM company UNION ALL SELECT company_person::text FROM company_person"))
    )
    assert kept and NIB not in kept and "Deli" not in kept and "siti" not in kept


def test_whoever_is_invited_sees_who_asks_accepts_and_acts(counter: Counter) -> None:
    company = counter.opened()
    place = counter.post("budi", f"companies/{company}/people", {"login": "siti"}).json["id"]
    assert "companies" not in claims(counter.token("siti")), "invited is not yet in"
    (asked,) = counter.get("siti", "invitations")["items"]
    assert (asked["id"], asked["company_name"], asked["role"]) == (place, "CV Deli Jaya", "staff")
    assert counter.post("siti", f"invitations/{place}/acceptance").status_code == 200
    assert claims(counter.token("siti"))["companies"] == [{"sub": company, "role": "staff"}]
    assert counter.get("siti", "invitations")["items"] == []


def test_an_invitation_is_answered_only_by_whom_it_names_and_once(counter: Counter) -> None:
    place = counter.post("budi", f"companies/{counter.opened()}/people", {"login": "siti"}).json["id"]
    assert counter.post("budi", f"invitations/{place}/acceptance").status_code == 404
    assert counter.post("siti", f"invitations/{place}/refusal").json["status"] == "refused"
    assert counter.post("siti", f"invitations/{place}/acceptance").status_code == 404
    assert "companies" not in claims(counter.token("siti"))


def test_inviting_a_name_nobody_has_looks_the_same(counter: Counter) -> None:
    company = counter.opened()
    known, unknown = (counter.post("budi", f"companies/{company}/people", {"login": login}) for login in ("siti", "nobody"))
    assert known.status_code == unknown.status_code == 201
    assert {**known.json, "id": 0, "login": 0, "invited_at": 0} == {**unknown.json, "id": 0, "login": 0, "invited_at": 0}


def test_nobody_is_invited_twice(counter: Counter) -> None:
    company = counter.opened()
    counter.joined(company)
    answer = counter.post("budi", f"companies/{company}/people", {"login": "siti"})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/company-person-known")


def test_staff_act_but_do_not_say_who_else_does(counter: Counter) -> None:
    company = counter.opened()
    counter.joined(company)
    own = counter.get("budi", f"companies/{company}")["people"][0]["id"]
    for path, body in ((f"companies/{company}/people", {"login": "x"}), (f"companies/{company}/people/{own}/removal", None)):
        answer = counter.post("siti", path, body)
        assert (answer.status_code, answer.json["type"]) == (403, "/problems/company-owners-only")


def test_a_company_of_others_does_not_exist(counter: Counter) -> None:
    company = counter.opened()
    assert counter.get("siti", f"companies/{company}") == 404
    assert counter.post("siti", f"companies/{company}/people", {"login": "siti"}).status_code == 404


def test_who_is_removed_acts_no_more_with_the_next_token_and_stays_on_record(counter: Counter) -> None:
    company = counter.opened()
    place = counter.joined(company)
    tokens = counter.browser.redeem(counter.browser.code("siti", scope="openid offline_access")).json
    assert "companies" in claims(tokens["access_token"])
    assert counter.post("budi", f"companies/{company}/people/{place}/removal").json["status"] == "removed"
    assert "companies" not in claims(counter.browser.refresh(tokens["refresh_token"]).json["access_token"])
    assert counter.get("siti", f"companies/{company}") == 404
    (kept,) = [person for person in counter.get("budi", f"companies/{company}")["people"] if person["id"] == place]
    assert kept["status"] == "removed" and kept["accepted_at"] and kept["ended_at"]


def test_who_was_removed_can_be_invited_again(counter: Counter) -> None:
    company = counter.opened()
    counter.post("budi", f"companies/{company}/people/{counter.joined(company)}/removal")
    counter.joined(company)
    assert claims(counter.token("siti"))["companies"] == [{"sub": company, "role": "staff"}]


def test_a_person_leaves_but_never_the_last_owner(counter: Counter) -> None:
    company = counter.opened()
    own = counter.get("budi", f"companies/{company}")["people"][0]["id"]
    answer = counter.post("budi", f"companies/{company}/people/{own}/removal")
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/company-needs-an-owner")
    counter.joined(company, role="owner")
    assert counter.post("budi", f"companies/{company}/people/{own}/removal").status_code == 200
    assert claims(counter.token("siti"))["companies"] == [{"sub": company, "role": "owner"}]
    assert "companies" not in claims(counter.token("budi"))


def test_a_person_acts_for_so_many_companies_as_a_token_can_name(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companies, "MOST_COMPANIES", 1)
    counter.opened()
    answer = counter.post("budi", "companies", {"name": "CV Dua", "nib": "8120001234568"})
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/too-many-companies")


@pytest.mark.parametrize("login", ["petugas-dpmptsp", "bank"])
def test_an_office_or_a_partner_has_no_company(counter: Counter, login: str) -> None:
    assert counter.post(login, "companies", COMPANY).status_code == 403
