"""The estimate and what the officer fixes are one arithmetic; what was fixed before stays to be seen."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from licensing.use_cases.permit_document import content

LATER = {"kode": "cagar-budaya", "keputusan": "Keputusan Wali Kota 188/2026"}
TOWER = {"jumlah_lantai": 8, "luas_lantai_m2": "1250.5", "lapis_basemen": 4, "luas_basemen_m2": "300"}


@pytest.fixture
def a_mixed_building(a_house: dict[str, Any]) -> dict[str, Any]:
    """By the city's tariff, with a part of other height, a fence, and relief."""
    prices = ("ilo", "shst")
    return {name: value for name, value in a_house.items() if name not in prices} | {
        "bagian_lain": [TOWER], "prasarana": [{"nama": "Pagar", "volume": "60.5"}], "keringanan": [LATER],
    }  # fmt: skip


def estimated(desk: Any, **asked: Any) -> dict[str, Any]:
    answer = desk.client.post("/v1/retribution-estimates", json=asked)
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def fixed(desk: Any, ident: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = desk.step(ident, "assessment", {"inputs": inputs, **more})
    assert answer.status_code == 200, answer.json
    return dict(desk.show(ident))


def test_an_estimate_names_the_same_steps_as_the_assessment(desk: Any, clock: Any, a_mixed_building: dict[str, Any]) -> None:
    clock.set(datetime(2026, 2, 10, 3, tzinfo=UTC))
    before = estimated(desk, permit_type="PBG", inputs=a_mixed_building)
    ident = desk.brought_to("approval")
    clock.advance(days=400)
    found = fixed(desk, ident, a_mixed_building)["assessment"]["calculation"]
    assert found == before == estimated(desk, rule_set="pp-16-2021", on="2026-02-10", inputs=a_mixed_building)
    assert {"LL.2", "KB.2", "nilai_prasarana.1", "jumlah", "keringanan.cagar-budaya"} <= {step["symbol"] for step in found["steps"]}
    assert [row["sample"] for row in found["reliefs"]] == [True]


def test_the_use_of_land_is_estimated_as_it_is_charged(desk: Any) -> None:
    inputs = {"luas_m2": "37.5", "indeks": "usaha_mikro"}
    found = estimated(desk, permit_type="TANAH", inputs=inputs)
    assert (found["total_rp"], [step["symbol"] for step in found["steps"]]) == (225_000, ["L", "tarif", "I", "total", "total_rp"])


def test_relief_is_granted_by_a_decision_that_is_named_and_recorded(desk: Any, a_house: dict[str, Any]) -> None:
    ident = desk.brought_to("approval")
    without = desk.step(ident, "assessment", {"inputs": {**a_house, "keringanan": [{"kode": "cagar-budaya"}]}})
    assert (without.status_code, without.json["errors"]["inputs"]["keringanan"]["0"].keys()) == (422, {"keputusan"})
    unknown = desk.step(ident, "assessment", {"inputs": {**a_house, "keringanan": [{**LATER, "kode": "istana"}]}})
    assert (unknown.status_code, unknown.json["errors"]["inputs"]["keringanan"]["0"].keys()) == (422, {"kode"})
    assert desk.show(ident)["retribution"] is None
    found = fixed(desk, ident, {**a_house, "keringanan": [LATER]})
    assert (found["retribution"], found["assessment"]["calculation"]["inputs"]["keringanan"]) == (173340, [LATER])
    assert found["assessment"]["calculation"]["steps"][-3]["legal_basis"].endswith("Keputusan Wali Kota 188/2026")


def test_who_is_exempt_pays_nothing_and_has_the_permit_at_once(desk: Any, session: Session, a_house: dict[str, Any]) -> None:
    exempt = {"kode": "rumah-mbr", "keputusan": "Keputusan Wali Kota 9/2026"}
    found = fixed(desk, desk.brought_to("approval"), {**a_house, "bagian_lain": [TOWER], "keringanan": [exempt]})
    assert (found["status"], found["retribution"], found["bill"]) == ("issued", 0, None)
    printed = content(session, UUID(found["permit_id"]))["building"]
    assert ["Bagian lain", "8 lantai, 1250,5 m2; basemen 4 lapis, 300 m2"] in printed


def test_what_was_fixed_before_stays_with_the_reason_of_the_new(desk: Any, a_house: dict[str, Any]) -> None:
    ident = desk.brought_to("assessment")
    assert desk.step(ident, "assessment", {"inputs": {**a_house, "luas_lantai_m2": "90"}}).json["errors"].keys() == {"reason"}
    found = fixed(desk, ident, {**a_house, "luas_lantai_m2": "90"}, reason="Luas menurut pengukuran ulang.")
    first, second = found["assessments"]
    assert [(one["position"], one["total"], one["reason"]) for one in (first, second)] == [
        (1, 346680, None), (2, 433350, "Luas menurut pengukuran ulang."),
    ]  # fmt: skip
    assert found["assessment"] == second
    assert first["calculation"]["inputs"]["luas_lantai_m2"] == "72" and first["calculation"]["steps"]


def test_reliefs_are_public_with_their_legal_basis_and_dates(desk: Any) -> None:
    rows = {row["code"]: row for row in desk.client.get("/v1/tariffs/reliefs").json["items"]}
    assert all(row["legal_basis"] and row["valid_from"] for row in rows.values())
    assert (rows["bangunan-pemerintah-imb"]["sample"], rows["bangunan-gedung-hijau"]["sample"]) == (False, True)
