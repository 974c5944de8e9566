"""A company applies: its people act for it, each on record; its cases stand in one list."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from licensing.model.application_history import HistoryLine
from smartcity.testing.pages import my_cases

DELI, BELAWAN = "company-deli", "company-belawan"
DRAFT = {
    "applicant": DELI, "nib": "8120001234567", "permit_type": "PBG", "applicant_name": "CV Deli Jaya", "applicant_address": "Jalan Sei Deli 12, Medan",
    "site_address": "Jalan Sisingamangaraja 40, Medan", "kelurahan_code": "12.71.01.1001",
    "answers": {"fungsi": "hunian_kecil", "jumlah_lantai": 1, "luas_lantai_m2": "72"},
}  # fmt: skip


@pytest.fixture
def of_deli(desk: Any) -> Any:
    """Headers of one of Deli's people."""
    return lambda name="budi", *more: desk.as_(name, "citizen", companies=[DELI, *more])


@pytest.fixture
def opened(desk: Any, of_deli: Any) -> Any:
    """A draft of Deli's, opened by budi."""

    def open_one(**other: Any) -> str:
        answer = desk.client.post("/v1/permit-applications", json=draft(**other), headers={**of_deli(), **desk.key()})
        assert answer.status_code == 201, answer.json
        return str(answer.json["id"])

    return open_one


def draft(**other: Any) -> dict[str, Any]:
    return {**DRAFT, **other}


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json
    return [line["id"] for line in answer.json["items"]]


def test_what_one_of_its_people_opens_another_goes_on_with(desk: Any, opened: Any, of_deli: Any) -> None:
    ident = opened()
    path = f"/v1/permit-applications/{ident}"
    assert desk.client.patch(path, json={"site_address": "Jalan Baru 1"}, headers=of_deli("siti")).status_code == 200
    assert desk.client.post(f"{path}/withdrawal", json={"reason_code": "plan-changed"}, headers=of_deli("siti")).status_code == 200


def test_who_no_longer_acts_for_it_finds_nothing_not_even_what_they_opened(desk: Any, opened: Any) -> None:
    ident = opened()
    assert desk.client.get(f"/v1/permit-applications/{ident}", headers=desk.citizen("budi")).status_code == 404
    assert ids(desk.client.get("/v1/permit-applications", headers=desk.citizen("budi"))) == []


def test_the_history_says_who_acted_for_which_company(desk: Any, opened: Any, of_deli: Any, session: Session) -> None:
    ident = opened()
    withdrawal = f"/v1/permit-applications/{ident}/withdrawal"
    assert desk.client.post(withdrawal, json={"reason_code": "plan-changed"}, headers=of_deli("siti")).status_code == 200
    shown = desk.client.get(f"/v1/permit-applications/{ident}", headers=of_deli()).json
    assert [step["person_sub"] for step in shown["history"]] == ["budi", "siti"]
    lines = session.scalars(sa.select(HistoryLine).where(HistoryLine.application_id == UUID(ident)).order_by(HistoryLine.position))
    assert [(line.actor_sub, line.company_sub) for line in lines] == [("budi", DELI), ("siti", DELI)]


def test_a_person_s_own_steps_name_no_company(desk: Any, session: Session) -> None:
    ident = desk.brought_to("completeness")
    assert [step["person_sub"] for step in desk.show(ident)["history"]] == [None, None, None]
    assert set(session.scalars(sa.select(HistoryLine.company_sub))) == {None}


def test_nobody_applies_for_a_company_they_do_not_act_for(desk: Any) -> None:
    answer = desk.client.post("/v1/permit-applications", json=draft(), headers={**desk.citizen(), **desk.key()})
    assert (answer.status_code, answer.json["errors"]) == (422, {"applicant": [answer.json["errors"]["applicant"][0]]})
    assert "act for" in str(desk.client.post(
        "/v1/permit-applications", json=draft(), headers={**desk.citizen(), **desk.key(), "Accept-Language": "en"}
    ).json["errors"]["applicant"])  # fmt: skip


def test_a_company_names_its_nib(desk: Any, of_deli: Any) -> None:
    nameless = {name: value for name, value in draft().items() if name != "nib"}
    answer = desk.client.post("/v1/permit-applications", json=nameless, headers={**of_deli(), **desk.key()})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["nib"])


def test_my_list_has_my_own_and_my_companies_cases_newest_first_page_by_page(desk: Any, opened: Any, of_deli: Any) -> None:
    made = [desk.open(), opened(), desk.open(), opened(), opened(applicant=DELI)]
    desk.open("siti")
    seen, query = list[str](), "limit=2"
    while query:
        answer = desk.client.get(f"/v1/permit-applications?mine=true&{query}", headers=of_deli("budi", BELAWAN))
        seen += ids(answer)
        query = f"limit=2&cursor={answer.json['next']}" if answer.json["next"] else ""
    assert seen == made[::-1]


def test_one_company_s_list_has_nothing_else(desk: Any, opened: Any, of_deli: Any) -> None:
    desk.open()
    ident = opened()
    assert ids(desk.client.get(f"/v1/permit-applications?company={DELI}", headers=of_deli())) == [ident]
    assert ids(desk.client.get(f"/v1/permit-applications?company={BELAWAN}", headers=of_deli("budi", BELAWAN))) == []
    assert ids(desk.client.get("/v1/permit-applications?mine=true&status=withdrawn", headers=of_deli())) == []


@pytest.mark.parametrize("path", ["permit-applications", "permit-applications/summary", "permits"])
def test_the_list_of_a_company_one_does_not_act_for_is_refused(desk: Any, of_deli: Any, path: str) -> None:
    answer = desk.client.get(f"/v1/{path}?company={BELAWAN}", headers=of_deli())
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["company"])


def test_the_list_says_by_when_the_office_must_act_and_what_came_of_it(desk: Any, session: Session, hear: Any, paid: Any) -> None:
    waiting, issued = desk.brought_to("submission"), desk.brought_to("assessment")
    hear("finance-sts.bill.paid.v1", paid(issued))
    lines = {line["id"]: line for line in desk.client.get("/v1/permit-applications", headers=desk.citizen()).json["items"]}
    assert lines[waiting]["clock"]["step"] == "submitted" and lines[waiting]["clock"]["due_on"] and lines[waiting]["permit"] is None
    assert lines[issued]["clock"] is None and lines[issued]["permit"]["status"] == "active" and lines[issued]["permit"]["number"]


def test_a_summary_counts_applications_and_permits_by_state(desk: Any, opened: Any, of_deli: Any, hear: Any, paid: Any) -> None:
    hear("finance-sts.bill.paid.v1", paid(desk.brought_to("assessment")))
    for _ in range(3):
        ident = opened()
    desk.client.post(f"/v1/permit-applications/{ident}/withdrawal", json={"reason_code": "plan-changed"}, headers=of_deli())
    asked = desk.client.get(f"/v1/permit-applications/summary?company={DELI}", headers=of_deli())
    assert asked.json == {"applications": {"draft": 2, "withdrawn": 1}, "permits": {}}
    whole = desk.client.get("/v1/permit-applications/summary", headers=of_deli())
    assert whole.json == {"applications": {"draft": 2, "withdrawn": 1, "issued": 1}, "permits": {"active": 1}}


def test_my_cases_are_also_those_of_the_companies_i_act_for(desk: Any, opened: Any, of_deli: Any) -> None:
    own, theirs = desk.open(), opened()
    assert [case["id"] for case in desk.client.get("/v1/me/cases", headers=of_deli()).json["cases"]] == [theirs, own]
    assert my_cases(desk.client, of_deli()) == [theirs, own]


def test_a_colleague_s_look_is_not_a_stranger_s(desk: Any, opened: Any, of_deli: Any, session: Session) -> None:
    desk.client.get(f"/v1/permit-applications/{opened()}", headers=of_deli("siti"))
    assert session.scalar(sa.text("SELECT count(*) FROM access_log")) == 0
