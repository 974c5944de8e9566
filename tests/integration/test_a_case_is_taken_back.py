"""Somebody looks at everything of theirs in the city, and takes back one case of each kind by what the list says."""

from datetime import UTC, datetime, timedelta
from typing import Any

from smartcity.calendar import day_of
from tests.integration.city import City
from tests.integration.test_a_birth_certificate_from_home import BIRTH
from tests.integration.test_a_complaint_is_repaired_with_proof import HOLE

DECEASED = {
    "name": "Tiur Pasaribu", "nik": "1271014203400095", "sex": "female", "born_on": "1940-03-02", "death_place_kind": "home", "death_city": "Medan",
}  # fmt: skip
DEATH: dict[str, Any] = {
    "path": "with_letter", "kelurahan_code": "12.71.01.1001", "family_card_no": "1271011203150007",
    "reporter": {"name": "Budi Siregar", "nik": BIRTH["father"]["nik"], "relation": "child"}, "witnesses": BIRTH["witnesses"],
}  # fmt: skip
OBJECTION = {"amount_right": 1000, "reasons": "Luas bangunan saya 72 m2, bukan seperti dalam ketetapan."}


def one_of_each(city: City) -> dict[str, str]:
    """Ids of budi's new cases, by kind."""
    a_week_ago = (day_of(datetime.now(UTC)) - timedelta(days=7)).isoformat()
    birth = {**BIRTH, "child": {**BIRTH["child"], "name": "Salah Lapor", "born_on": a_week_ago}}
    _, bill = city.assessed_bill()
    filed = {
        "complaint": ("/v1/complaints", HOLE),
        "birth_registration": ("/v1/birth-registrations", birth),
        "death_registration": ("/v1/death-registrations", {**DEATH, "deceased": {**DECEASED, "died_on": a_week_ago}}),
        "objection": (f"/v1/bills/{bill['id']}/objections", OBJECTION),
    }
    answers = {kind: city.act(path, "budi", body) for kind, (path, body) in filed.items()}
    for kind, answer in answers.items():
        assert answer.status_code == 201, (kind, answer.text)
    return {"permit_application": city.open_application(), **{kind: str(answer.json()["id"]) for kind, answer in answers.items()}}


def my_case(city: City, ident: str) -> dict[str, Any]:
    said = city.get("/v1/me/cases", "budi")
    assert said["missing"] == []
    return next(dict(line) for line in said["cases"] if line["id"] == ident)


def test_one_case_of_each_kind_is_taken_back_by_whose_it_is_and_by_nobody_else(city: City) -> None:
    for kind, ident in one_of_each(city).items():
        mine = my_case(city, ident)
        way = mine["withdrawal"]
        body = {"reason_code": way["reason_codes"][0]}
        assert mine["kind"] == kind
        assert city.act(way["path"], "siti", body).status_code == 404, kind
        taken = city.act(way["path"], "budi", body)
        assert (taken.status_code, taken.json()["status"]) == (200, "withdrawn"), (kind, taken.text)
        after = my_case(city, ident)
        assert (after["status"], after["withdrawal"]) == ("withdrawn", None), kind


def test_a_bill_is_nothing_that_can_be_taken_back(city: City) -> None:
    _, bill = city.assessed_bill()
    assert my_case(city, bill["id"])["withdrawal"] is None
