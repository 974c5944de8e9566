"""A report that cannot be is refused exactly, field by field, and nothing is half-written."""

from typing import Any

import pytest


@pytest.mark.parametrize(("other", "field"), [
    ({"path": "by_magic"}, "path"),
    ({"kelurahan_code": "12.72.01.1001"}, "kelurahan_code"),
    ({"kelurahan_code": "Pusat Pasar"}, "kelurahan_code"),
    ({"family_card_no": "1271013203150007"}, "family_card_no"),
    ({"family_card_no": "12710112031500070"}, "family_card_no"),
    ({"father": None}, "father"),
    ({"path": "mother_only"}, "father"),
    ({"witnesses": []}, "witnesses"),
    ({"witnesses": [{"name": "A", "nik": "1271014101800003"}]}, "witnesses"),
    ({"witnesses": [{"name": "A", "nik": "1271014101800003"}, {"name": "B", "nik": "1271014101800003"}]}, "witnesses"),
    ({"witnesses": [{"name": "A"}, {"name": "B", "nik": "1271014101800003"}]}, "witnesses"),
    ({"colour": "red"}, "colour"),
    ({"child": None}, "child"),
    ({"mother": []}, "mother"),
    ({"reporter": {"relation": "nobody"}}, "reporter"),
])  # fmt: skip
def test_what_is_wrong_is_named(desk: Any, birth: Any, other: dict[str, Any], field: str) -> None:
    answer = desk.post(birth(**other))
    assert (answer.status_code, set(answer.json["errors"])) == (422, {field}), answer.json
    assert desk.client.get("/v1/birth-registrations", headers=desk.citizen()).json["items"] == []


@pytest.mark.parametrize(("child", "field"), [
    ({"born_on": "2026-02-13"}, "born_on"), ({"born_on": "2026-02-12", "born_at": "10:30"}, "born_on"), ({"born_on": "1901-01-01"}, "born_on"),
    ({"born_on": "2026-02-30"}, "born_on"), ({"born_at": "24:00"}, "born_at"), ({"born_at": "4:10"}, "born_at"), ({"born_at": "04:10\n"}, "born_at"),
    ({"sex": "F"}, "sex"), ({"name": ""}, "name"), ({"name": "a\u0000b"}, "name"), ({"name": "x" * 61}, "name"), ({"order": 0}, "order"),
    ({"order": "2"}, "order"), ({"weight_g": 50}, "weight_g"), ({"weight_g": 10**30}, "weight_g"), ({"birth_place_kind": "moon"}, "birth_place_kind"),
    ({"helper": "nobody"}, "helper"), ({"nik": "1271014502260001"}, "nik"),
])  # fmt: skip
def test_a_child_that_cannot_be_is_named_by_its_field(desk: Any, birth: Any, child: dict[str, Any], field: str) -> None:
    answer = desk.post(birth(child=child))
    assert (answer.status_code, set(answer.json["errors"]["child"])) == (422, {field}), answer.json


@pytest.mark.parametrize("nik", [
    "", "127101450290000", "12710145029000011", "1271014502900000", "1271017202900001", "1271013202900001", "1271014513900001",
    "1271014530020001", "127101450290000a", "١٢٧١٠١٤٥٠٢٩٠٠٠٠١", 1271014502900001, None,
])  # fmt: skip
def test_a_nik_of_wrong_form_is_refused_and_not_shown(desk: Any, birth: Any, nik: Any) -> None:
    answer = desk.post(birth(mother={"nik": nik}))
    assert (answer.status_code, set(answer.json["errors"]["mother"])) == (422, {"nik"})
    assert not nik or str(nik) not in answer.text


def test_numbers_that_were_typed_in_groups_are_kept_and_found_without_their_spaces(desk: Any, birth: Any) -> None:
    ident = desk.post(birth(mother={"nik": "1271 0145 0290 0001"}, family_card_no="1271 0112 0315 0007")).json["id"]
    shown = desk.show(ident)
    assert (shown["mother"]["nik"], shown["family_card_no"]) == ("1271014502900001", "1271011203150007")


@pytest.mark.parametrize("region", ["110101", "317401", "947101", "999999"])
def test_a_nik_is_never_refused_for_its_region(desk: Any, birth: Any, region: str) -> None:
    assert desk.post(birth(mother={"nik": f"{region}4502900001"})).status_code == 201


def test_a_mother_younger_than_ten_is_an_error_of_typing(desk: Any, birth: Any) -> None:
    answer = desk.post(birth(mother={"born_on": "2016-02-06", "nik": "1271014602160001"}))
    assert (answer.status_code, set(answer.json["errors"]["mother"])) == (422, {"born_on"})
    assert desk.post(birth(mother={"born_on": "2016-02-05", "nik": "1271014502160001"})).status_code == 201


def test_a_nik_that_differs_from_the_birth_date_warns_and_does_not_refuse(desk: Any) -> None:
    ident = desk.open(mother={"born_on": "1991-02-05"})
    assert desk.show(ident)["warnings"] == [{"field": "mother.nik", "code": "nik-differs-from-birth-date-or-sex"}]


def test_without_its_papers_a_report_is_not_handed_in_and_a_substitute_is_enough(desk: Any) -> None:
    ident = desk.open()
    assert desk.show(ident)["missing"] == ["birth", "marriage", "family_card", "identity"]
    for kind in ("marriage_certificate", "family_card", "identity_cards"):
        desk.upload(ident, kind)
    answer = desk.step(ident, "submission")
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/documents-missing")
    assert "birth_letter" in answer.json["detail"] and "family_card" not in answer.json["detail"]
    desk.upload(ident, "sptjm_birth")
    assert desk.step(ident, "submission").status_code == 200


@pytest.mark.parametrize(("kind", "content", "name", "field"), [
    ("covering_letter_of_the_rt", None, "surat.pdf", "kind"), ("sptjm_couple", None, "surat.pdf", "kind"),
    ("birth_letter", b"MZ\x90\x00 not a pdf", "surat.pdf", "file"), ("birth_letter", b"", "surat.pdf", "file"),
    ("birth_letter", b"\x89PNG\r\n\x1a\n....", "surat.pdf", "file"), ("birth_letter", None, "surat.exe", "file"),
])  # fmt: skip
def test_a_paper_that_is_not_asked_or_lies_about_its_type_is_refused(
    desk: Any, pdf: bytes, kind: str, content: Any, name: str, field: str
) -> None:
    ident = desk.open()
    answer = desk.upload(ident, kind, pdf if content is None else content, name)
    assert (answer.status_code, set(answer.json["errors"])) == (422, {field})
    assert desk.show(ident)["documents"] == []


def test_a_report_is_opened_once_for_one_key(desk: Any, birth: Any) -> None:
    assert desk.client.post("/v1/birth-registrations", json=birth(), headers=desk.citizen()).status_code == 400
    headers = {**desk.citizen(), **desk.key()}
    first, second = (desk.client.post("/v1/birth-registrations", json=birth(), headers=headers) for _ in range(2))
    assert first.json == second.json
    assert desk.client.post("/v1/birth-registrations", json=birth(path="mother_only"), headers=headers).status_code == 422


@pytest.mark.parametrize(("change", "field"), [
    ({"witnesses": [{"name": "A"}]}, "witnesses"), ({"father": None}, "father"), ({"child": None}, "child"), ({"mother": {"nik": "1"}}, "mother"),
    ({"child": {"born_on": "2027-01-01"}}, "child"), ({"path": "mother_only"}, "father"), ({"status": "issued"}, "status"),
])  # fmt: skip
def test_a_change_is_checked_like_the_whole(desk: Any, change: dict[str, Any], field: str) -> None:
    ident = desk.open()
    answer = desk.change(ident, change)
    assert (answer.status_code, set(answer.json["errors"])) == (422, {field}), answer.json


def test_a_father_named_by_half_is_not_a_father(desk: Any) -> None:
    ident = desk.open(path="mother_only", father=None)
    answer = desk.change(ident, {"path": "married_parents", "father": {"name": "Budi"}})
    assert set(answer.json["errors"]["father"]) == {"nik"}
    whole = {"path": "married_parents", "father": {"name": "Budi", "nik": "1271010503880002"}}
    assert desk.change(ident, whole).json["father"] == {"name": "Budi", "nik": "1271010503880002", "born_on": None}
    back = desk.change(ident, {"path": "mother_only", "father": None})
    assert back.json["father"] is None


@pytest.mark.parametrize(("step", "body", "field"), [
    ("verification", {"result": "maybe"}, "result"), ("verification", {}, "result"), ("returns", {"reason_code": "mood", "reasons": ["x"]}, "reason_code"),
    ("returns", {"reason_code": "other", "reasons": []}, "reasons"), ("late-decision", {"decision": "perhaps"}, "decision"),
    ("late-decision", {"decision": "approved", "reason_code": "other"}, "reason_code"),
    ("late-decision", {"decision": "rejected", "reason_code": "documents-unreadable"}, "reason_code"),
])  # fmt: skip
def test_an_official_s_words_are_checked_too(desk: Any, step: str, body: dict[str, Any], field: str) -> None:
    answer = desk.step(desk.brought_to("submission"), step, body)
    assert (answer.status_code, set(answer.json["errors"])) == (422, {field})
