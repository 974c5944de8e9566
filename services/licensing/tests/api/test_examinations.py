"""The technical examination: everything that is wanting is told at once, and five rounds are all there are."""

from typing import Any

import pytest

STILL = {"result": "needs_repair", "minutes": "Belum diperbaiki."}
GOOD = {"result": "conforms", "minutes": "Sesuai."}


@pytest.fixture
def examined(desk: Any) -> str:
    """Examined once, with two findings."""
    ident = str(desk.brought_to("completeness"))
    answer = desk.step(ident, "examinations", desk.wanting("Tangga kurang lebar.", "Pintu darurat tidak ada."))
    assert answer.status_code == 201, answer.json
    assert [(one["number"], one["raised_in"], one["resolved_in"]) for one in answer.json["findings"]] == [(1, 1, None), (2, 1, None)]
    return ident


def test_what_is_wanting_must_be_told(desk: Any) -> None:
    ident = desk.brought_to("completeness")
    refused = desk.step(ident, "examinations", STILL)
    assert (refused.status_code, set(refused.json["errors"])) == (422, {"findings"})
    elsewhere = desk.step(ident, "examinations", desk.wanting("Salah.", concerns="answers.horoscope"))
    assert (elsewhere.status_code, set(elsewhere.json["errors"]["findings"]["0"])) == (422, {"concerns"})
    assert desk.show(ident)["examinations"] == []
    assert desk.show(ident)["status"] == "complete"


def test_a_later_round_finds_things_mended_or_still_open(desk: Any, examined: str) -> None:
    desk.returned(examined, "design_drawings")
    answer = desk.step(examined, "examinations", {**STILL, "resolved": [1]})
    assert [one["resolved_in"] for one in answer.json["findings"]] == [2, None]
    refused = desk.step(examined, "examinations", GOOD)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/findings-open")
    assert "2" in refused.json["detail"]
    assert desk.step(examined, "examinations", {**GOOD, "resolved": [1]}).status_code == 409
    for number in (1, 3):
        assert set(desk.step(examined, "examinations", {**GOOD, "resolved": [2, number]}).json["errors"]) == {"resolved"}
    assert desk.step(examined, "examinations", {**GOOD, "resolved": [2]}).status_code == 201
    assert desk.step(examined, "approval").status_code == 200


def test_a_later_round_may_not_add_what_the_first_did_not_raise(desk: Any, examined: str) -> None:
    late = desk.wanting("Atap terlalu tinggi.", concerns="answers.jumlah_lantai")
    for _ in range(2):
        refused = desk.step(examined, "examinations", late)
        assert (refused.status_code, refused.json["type"]) == (409, "/problems/finding-raised-late")
        assert "answers.jumlah_lantai" in refused.json["detail"]
        assert (len(desk.show(examined)["examinations"]), len(desk.show(examined)["findings"])) == (1, 2)
        desk.returned(examined, "site_photo")


def test_what_the_applicant_has_changed_was_never_considered_and_may_be_found_wanting(desk: Any, examined: str) -> None:
    desk.returned(examined, "design_drawings")
    answer = desk.step(examined, "examinations", {**desk.wanting("Denah baru tanpa ukuran."), "resolved": [1, 2]})
    assert answer.status_code == 201, answer.json
    assert answer.json["findings"][-1] == {
        "number": 3, "code": "finding-1", "sentence": "Denah baru tanpa ukuran.", "concerns": "documents.design_drawings", "raised_in": 2,
        "resolved_in": None,
    }  # fmt: skip
    again = desk.step(examined, "examinations", desk.wanting("Masih ada lagi."))
    assert again.json["type"] == "/problems/finding-raised-late"


def exhausted(desk: Any, ident: str, after: int = 1) -> Any:
    for _ in range(after, 5):
        answer = desk.step(ident, "examinations", STILL)
        assert answer.status_code == 201, answer.json
    return answer


def test_after_the_fifth_round_it_is_to_be_registered_anew(desk: Any, told: Any, examined: str) -> None:
    last = exhausted(desk, examined).json
    assert (last["status"], last["re_registration_recommended"]) == ("rejected", True)
    line = desk.show(examined)["history"][-1]
    assert (line["reason_code"], line["reasons"]) == ("examinations-exhausted", ["Tangga kurang lebar.", "Pintu darurat tidak ada."])
    assert told("licensing.application.rejected.v1")[0]["data"]["reason_code"] == "examinations-exhausted"
    assert desk.step(examined, "examinations", STILL).json["type"] == "/problems/application-not-examinable"


def test_a_fifth_round_that_conforms_is_neither_given_back_nor_examined_again(desk: Any, examined: str) -> None:
    for _ in range(3):
        assert desk.step(examined, "examinations", STILL).status_code == 201
    assert desk.step(examined, "examinations", {**GOOD, "resolved": [1, 2]}).status_code == 201
    for step in ("returns", "examinations"):
        assert desk.step(examined, step).json["type"] == "/problems/examinations-exhausted"
    assert desk.step(examined, "approval").status_code == 200


def test_a_new_application_continues_from_the_minutes_and_keeps_the_documents(desk: Any, examined: str) -> None:
    exhausted(desk, examined)
    ident = desk.open(continues_id=examined)
    shown = desk.show(ident)
    assert (shown["continues_id"], shown["status"]) == (examined, "draft")
    assert [one["minutes"] for one in shown["earlier_examinations"]] == ["Berita acara.", *[STILL["minutes"]] * 4]
    assert {one["kind"] for one in shown["documents"]} == {"land_title", "design_drawings"}
    assert [(one["sentence"], one["raised_in"]) for one in shown["findings"]] == [
        ("Tangga kurang lebar.", 0),
        ("Pintu darurat tidak ada.", 0),
    ]
    for step in ("submission", "completeness"):
        assert desk.step(ident, step).status_code == 200
    late = desk.wanting("Atap terlalu tinggi.", concerns="answers.jumlah_lantai")
    assert desk.step(ident, "examinations", late).json["type"] == "/problems/finding-raised-late"
    assert desk.step(ident, "examinations", {**GOOD, "resolved": [1, 2]}).status_code == 201
    assert desk.step(ident, "approval").status_code == 200


def test_only_one_s_own_that_ended_so_is_continued(desk: Any, examined: str) -> None:
    shown = desk.show(examined)
    names = ("permit_type", "applicant_name", "applicant_address", "site_address", "kelurahan_code", "answers")
    body = {**{name: shown[name] for name in names}, "continues_id": examined}

    def refusal(who: str) -> Any:
        return desk.client.post("/v1/permit-applications", json=body, headers={**desk.citizen(who), **desk.key()})

    assert set(refusal("budi").json["errors"]) == {"continues_id"}
    exhausted(desk, examined)
    assert set(refusal("siti").json["errors"]) == {"continues_id"}
    assert refusal("budi").status_code == 201


def test_from_the_examination_it_is_mended_without_typing_again(desk: Any, examined: str) -> None:
    before = desk.show(examined)
    desk.returned(examined)
    after = desk.show(examined)
    for kept in ("answers", "documents", "applicant_name", "applicant_address", "site_address", "number", "findings", "examinations"):
        assert after[kept] == before[kept]
