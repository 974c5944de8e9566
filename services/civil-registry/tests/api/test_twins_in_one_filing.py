"""Twins in one filing: the parents are named once, the papers shown once; each child has its own certificate."""

from typing import Any

PAPERS = ("birth_letter", "marriage_certificate", "family_card", "identity_cards")
SECOND = {
    "name": "Nur Aminah Siregar", "sex": "female", "born_on": "2026-02-05", "born_at": "04:25", "birth_place_kind": "hospital",
    "birth_place_name": "RSUD Dr. Pirngadi", "birth_city": "Medan", "order": 3, "weight_g": 2900, "helper": "midwife",
}  # fmt: skip


def opened(desk: Any, *siblings: dict[str, Any], **other: Any) -> list[str]:
    first = desk.open(siblings=list(siblings), **other)
    return [first, *desk.show(first)["siblings"]]


def test_each_twin_gets_its_certificate_from_one_report(desk: Any) -> None:
    first, second = opened(desk, SECOND)
    for kind in PAPERS:
        assert desk.upload(first, kind).status_code == 201
    assert desk.step(first, "submission").status_code == 200
    shown = [desk.show(ident) for ident in (first, second)]
    assert [one["status"] for one in shown] == ["submitted", "submitted"]
    assert len({one["number"] for one in shown}) == 2
    for ident in (first, second):
        for step in ("verification", "registration", "signature"):
            assert desk.step(ident, step).status_code == 200
    ended = [desk.show(ident) for ident in (first, second)]
    assert [one["record_no"] for one in ended] == ["1271-LU-12022026-0001", "1271-LU-12022026-0002"]
    assert [(one["child"]["name"], one["child"]["twin_order"]) for one in ended] == [("Nur Aisyah Siregar", 1), ("Nur Aminah Siregar", 2)]
    for one in ended:
        assert desk.client.get(f"/v1/certificates/{one['record_no']}/document", headers=desk.citizen()).data.startswith(b"%PDF-")


def test_twins_of_one_name_and_sex_are_two(desk: Any) -> None:
    first, second = opened(desk, {**SECOND, "name": "Nur Aisyah Siregar"})
    for kind in PAPERS:
        desk.upload(first, kind)
    assert desk.step(first, "submission").status_code == 200
    assert desk.show(second)["status"] == "submitted"


def test_what_is_said_of_the_parents_is_said_once_and_of_a_child_of_that_child(desk: Any) -> None:
    first, second, third = opened(desk, SECOND, {**SECOND, "name": "Nur Aulia Siregar"})
    mended = desk.change(second, {"mother": {"name": "Siti Aminah Lubis"}, "child": {"weight_g": 2800}})
    assert mended.status_code == 200
    assert {desk.show(ident)["mother"]["name"] for ident in (first, second, third)} == {"Siti Aminah Lubis"}
    assert [desk.show(ident)["child"]["weight_g"] for ident in (first, second, third)] == [3100, 2800, 2900]


def test_a_twin_that_was_given_back_is_mended_by_itself(desk: Any) -> None:
    first, second = opened(desk, SECOND)
    for kind in PAPERS:
        desk.upload(first, kind)
    desk.step(first, "submission")
    assert desk.step(second, "returns").json["status"] == "returned"
    assert desk.change(second, {"mother": {"name": "Siti Aminah Lubis"}}).status_code == 200
    assert desk.show(first)["mother"]["name"] == "Siti Lubis"
    assert desk.upload(second, "family_card").status_code == 201
    assert len(desk.show(first)["documents"]) == 4
    assert desk.step(second, "submission").json["status"] == "submitted"


def test_a_sibling_that_cannot_be_is_named_and_nothing_is_opened(desk: Any, birth: Any) -> None:
    for siblings, errors in (
        ([{**SECOND, "born_on": "2026-02-09"}], {"siblings"}), ([{**SECOND, "twin_order": 1}, {**SECOND, "twin_order": 1}], {"siblings"}),
        ([{**SECOND, "birth_country": "Malaysia"}], {"siblings"}), ([{**SECOND, "name": ""}], {"siblings"}), ([SECOND] * 10, {"siblings"}),
    ):  # fmt: skip
        answer = desk.post(birth(siblings=siblings))
        assert (answer.status_code, set(answer.json["errors"])) == (422, errors), answer.json
    named = desk.post(birth(siblings=[SECOND, {**SECOND, "weight_g": None}])).json["errors"]
    assert set(named["siblings"]) == {"1"} and set(named["siblings"]["1"]) == {"weight_g"}
    foundlings = birth(path="foundling", mother=None, father=None, siblings=[SECOND], child={"order": None})
    assert set(desk.post(foundlings).json["errors"]) == {"siblings"}
    assert desk.client.get("/v1/birth-registrations", headers=desk.citizen()).json["items"] == []


def test_siblings_belong_to_the_report_not_to_a_change(desk: Any) -> None:
    assert set(desk.change(desk.open(), {"siblings": [SECOND]}).json["errors"]) == {"siblings"}
    assert desk.show(desk.open(child={"name": "Lain"}))["siblings"] == []
