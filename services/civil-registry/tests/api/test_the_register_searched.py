"""Somebody at the counter has lost the paper and its number: the entry is found by a NIK, or by name and day, and each look is recorded."""

from typing import Any

import pytest

PLACE = "/v1/civil-records/searches"
OFFICE = ("submission", "verification", "registration", "signature")
MOTHER, FATHER, WITNESS, DECEASED = "1271014502900001", "1271010503880002", "1271014101800003", "1271014203400005"


def searched(desk: Any, headers: dict[str, str] | None = None, **asked: Any) -> Any:
    return desk.client.post(PLACE, json={"purpose": "counter_service", **asked}, headers=headers or desk.staff("verification"))


def numbers(desk: Any, **asked: Any) -> list[str]:
    answer = searched(desk, **asked)
    assert answer.status_code == 200, answer.json
    return [line["number"] for line in answer.json["items"]]


def test_a_birth_is_found_by_the_childs_or_a_parents_nik_and_not_by_a_witness(desk: Any) -> None:
    ident = desk.brought_to("signature")
    number = desk.show(ident)["record_no"]
    entry = desk.client.get(f"/v1/civil-records/{number}?purpose=registration", headers=desk.staff("registration")).json
    for nik in (MOTHER, FATHER, entry["content"]["child"]["nik"]):
        (line,) = searched(desk, nik=nik).json["items"]
        assert (line["number"], line["event"], line["name"], line["day"]) == (number, "birth", "Nur Aisyah Siregar", "2026-02-05")
        assert line["registration_id"] == ident
    assert numbers(desk, nik=WITNESS) == numbers(desk, nik="1271014101800009") == []


@pytest.mark.parametrize(("name", "found"), [
    ("Nur Aisyah Siregar", 1), ("NUR  aisjah siregar", 1), ("Siregar Nur Aisyah", 1),
    ("Nur Aisyah", 1), ("Nur Aisyah Lubis", 0), ("Budi Siregar", 0),
])  # fmt: skip
def test_or_by_the_name_in_its_spellings_and_the_very_day(desk: Any, name: str, found: int) -> None:
    desk.brought_to("signature")
    assert len(numbers(desk, name=name, born_on="2026-02-05")) == found
    assert numbers(desk, name=name, born_on="2026-02-06") == []


def test_what_is_not_in_the_register_is_not_found(desk: Any) -> None:
    desk.brought_to("verification")
    assert numbers(desk, nik=MOTHER) == numbers(desk, name="Nur Aisyah Siregar", born_on="2026-02-05") == []


def test_a_death_is_found_by_the_nik_of_who_died(desk: Any) -> None:
    desk.death_step(desk.dead(), *OFFICE)
    (line,) = searched(desk, nik=DECEASED).json["items"]
    assert (line["event"], line["name"], line["day"]) == ("death", "Tiur Pasaribu", "2026-02-08")


def test_each_entry_shown_is_a_look_that_its_person_sees(desk: Any) -> None:
    desk.brought_to("signature")
    before = desk.client.get("/v1/me/data-access", headers=desk.citizen()).json["items"]
    assert numbers(desk, nik=MOTHER)
    numbers(desk, nik=WITNESS)
    after = desk.client.get("/v1/me/data-access", headers=desk.citizen()).json["items"]
    assert len(after) == len(before) + 1
    assert {(row["record_kind"], row["purpose"], row["office"]) for row in after} >= {("birth_record", "counter_service", "DISDUKCAPIL")}


@pytest.mark.parametrize(("asked", "field"), [
    ({}, "nik"), ({"nik": MOTHER, "name": "Nur"}, "nik"), ({"name": "Nur Aisyah"}, "nik"), ({"born_on": "2026-02-05"}, "nik"),
    ({"nik": MOTHER, "purpose": "curiosity"}, "purpose"), ({"nik": MOTHER, "purpose": None}, "purpose"), ({"nik": "12710145029"}, "nik"),
])  # fmt: skip
def test_it_is_asked_one_way_and_with_a_purpose(desk: Any, asked: dict[str, Any], field: str) -> None:
    desk.brought_to("signature")
    answer = searched(desk, **asked)
    assert (answer.status_code, set(answer.json["errors"])) == (422, {field})
    assert "Aisyah" not in answer.text


def test_only_the_office_searches(desk: Any) -> None:
    for headers in (desk.citizen(), desk.as_("auditor", "auditor"), desk.as_("dewi", "officer", office="DPMPTSP")):
        assert searched(desk, headers, nik=MOTHER).status_code == 403
