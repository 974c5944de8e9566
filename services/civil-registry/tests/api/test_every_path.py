"""Every way to a certificate, walked to its end: what is asked, which paper stands for which, and what the certificate says."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from civil_registry.use_cases import birth_certificate, registry_data

ROUTE = ("submission", "verification", "registration", "signature", "collection")
LATE_ROUTE = ("submission", "verification", "late-decision", "registration", "signature", "collection")
COMMON = ("family_card", "identity_cards")
NAMELESS_FATHER = {"father": {"name": "Budi Siregar", "nik": None}, "reporter": {"nik": "1271014502900001", "relation": "mother"}}
NO_LETTER = {"child": {"weight_g": None, "birth_place_kind": "home", "helper": "traditional_helper"}}
ABROAD = {"child": {"birth_city": "Kuala Lumpur", "birth_country": "Malaysia"}}
NOBODY_KNOWN = {
    "mother": None, "father": None, "family_card_no": None, "child": {"order": None, "weight_g": None},
    "reporter": {"name": "Rahmat Lubis", "relation": "other"},
}  # fmt: skip
NOT_RECORDED = "Perkawinan orang tua belum tercatat"


@dataclass(frozen=True)
class Way:
    """A path with circumstances, the least that must be shown on it, and what its certificate says of the parents."""

    path: str
    papers: tuple[str, ...]
    line: str
    told: tuple[str, ...] = ()
    other: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    parents: tuple[str | None, str | None] = ("Siti Lubis", "Budi Siregar")
    route: tuple[str, ...] = ROUTE


MARRIED = "dari suami istri"
WAYS = {
    "married parents": Way("married_parents", ("birth_letter", "marriage_certificate", *COMMON), MARRIED),
    "mother only": Way("mother_only", ("birth_letter", *COMMON), "dari seorang ibu", other={"father": None}, parents=("Siti Lubis", None)),
    "marriage not recorded": Way("marriage_not_recorded", ("birth_letter", "sptjm_couple", *COMMON), "dari", note=NOT_RECORDED),
    "no birth letter": Way("married_parents", ("sptjm_birth", "marriage_certificate", *COMMON), MARRIED, ("no_birth_letter",), NO_LETTER),
    "no birth letter, mother only": Way(
        "mother_only", ("sptjm_birth", *COMMON), "dari seorang ibu", ("no_birth_letter",), {**NO_LETTER, "father": None},
        parents=("Siti Lubis", None),
    ),
    "father without identity card, letter of recording": Way(
        "married_parents", ("birth_letter", "marriage_certificate", *COMMON, "recording_letter"), MARRIED,
        ("father_without_identity_card",), NAMELESS_FATHER,
    ),
    "father without identity card, the mother's statement": Way(
        "marriage_not_recorded", ("birth_letter", "sptjm_couple", *COMMON, "sptjm_father_identity"), "dari",
        ("father_without_identity_card",), NAMELESS_FATHER, note=NOT_RECORDED,
    ),
    "father absent": Way(
        "married_parents", ("birth_letter", "marriage_certificate", *COMMON, "sptjm_father_identity"), MARRIED, ("father_absent",),
        NAMELESS_FATHER,
    ),
    "foundling": Way(
        "foundling", ("police_report", "identity_cards"), "yang asal-usul dan orang tuanya tidak diketahui", other=NOBODY_KNOWN,
        note="Dicatat berdasarkan Berita Acara", parents=(None, None),
    ),
    "born abroad": Way("married_parents", ("foreign_birth_certificate", "marriage_certificate", "family_card", "passport"), MARRIED, ("born_abroad",), ABROAD),
    "born abroad, reported to the representation": Way(
        "married_parents", ("representation_letter", "marriage_certificate", *COMMON), MARRIED, ("born_abroad",), ABROAD,
    ),
    "late": Way(
        "married_parents", ("birth_letter", "marriage_certificate", *COMMON), MARRIED, other={"child": {"born_on": "2025-12-13"}}, route=LATE_ROUTE
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_every_way_ends_with_a_certificate_that_says_what_is_so(desk: Any, session: Session, way: Way) -> None:
    """The papers are the least: without any one of them the report is not handed in, so none is asked beside them."""
    ident = desk.brought_to("collection", way.papers, way.route, path=way.path, circumstances=list(way.told), **way.other)
    shown = desk.show(ident)
    assert (shown["status"], shown["missing"], shown["circumstances"]) == ("collected", [], sorted(way.told))
    assert shown["late"] is ("late-decision" in way.route)
    paper = desk.client.get(f"/v1/certificates/{shown['record_no']}/document", headers=desk.citizen())
    assert paper.data.startswith(b"%PDF-")
    said = birth_certificate.content(session, UUID(shown["certificate_id"]))
    assert (said["line"], said["mother"], said["father"]) == (way.line, *way.parents)
    assert said["note"].startswith(way.note) and bool(said["note"]) is bool(way.note)
    assert said["birth_city"] == ("Kuala Lumpur, Malaysia" if "born_abroad" in way.told else "Medan")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_without_any_one_of_its_papers_it_is_not_handed_in_and_none_beside_them_is_taken(desk: Any, way: Way) -> None:
    ident = desk.open(path=way.path, circumstances=list(way.told), **way.other)
    for kind in way.papers:
        answer = desk.step(ident, "submission")
        assert answer.json["type"] == "/problems/documents-missing", kind
        assert desk.upload(ident, kind).status_code == 201
    assert desk.upload(ident, "covering_letter").status_code == 422
    assert desk.step(ident, "submission").status_code == 200


def test_every_path_and_circumstance_of_the_tables_is_walked(desk: Any) -> None:
    listed = desk.client.get("/v1/birth-registrations/paths").json
    assert {path["code"] for path in listed["items"]} == {way.path for way in WAYS.values()}
    told = {code for way in WAYS.values() for code in way.told}
    assert {one["code"] for one in listed["circumstances"] if one["told_by"] == "parent"} == told
    assert {one.code for one in registry_data.circumstances() if one.told_by != "parent"} == {
        "late",
        "multiple_birth",
    }  # twins: their own file
    assert all(one["legal_basis"] for one in (*listed["items"], *listed["circumstances"]))


@pytest.mark.parametrize(("other", "field", "inner"), [
    ({"path": "foundling"}, "mother", None), ({"mother": None}, "mother", None), ({"family_card_no": None}, "family_card_no", None),
    ({"father": {"nik": None}}, "father", "nik"), ({"child": {"weight_g": None}}, "child", "weight_g"), ({"child": {"order": None}}, "child", "order"),
    ({"child": {"birth_country": "Malaysia"}}, "child", "birth_country"), ({"circumstances": ["born_abroad"]}, "child", "birth_country"),
    ({"circumstances": ["late"]}, "circumstances", None), ({"circumstances": ["by_magic"]}, "circumstances", None),
    ({"circumstances": ["father_absent"], "path": "mother_only", "father": None}, "circumstances", None),
    ({"circumstances": ["no_birth_letter", "born_abroad"]}, "circumstances", None), ({"circumstances": "late"}, "circumstances", None),
])  # fmt: skip
def test_the_questions_are_those_of_the_way(desk: Any, birth: Any, other: dict[str, Any], field: str, inner: str | None) -> None:
    answer = desk.post(birth(**other))
    assert answer.status_code == 422 and field in answer.json["errors"], answer.json
    assert inner is None or set(answer.json["errors"][field]) == {inner}


def test_the_way_may_be_changed_while_the_report_is_with_the_parent(desk: Any) -> None:
    ident = desk.open()
    assert desk.change(ident, {"circumstances": ["no_birth_letter"]}).json["circumstances"] == ["no_birth_letter"]
    assert desk.upload(ident, "birth_letter").status_code == 422
    assert desk.change(ident, {"child": {"weight_g": None}}).status_code == 200
    assert set(desk.change(ident, {"circumstances": []}).json["errors"]["child"]) == {"weight_g"}
    assert desk.show(ident)["circumstances"] == ["no_birth_letter"]
