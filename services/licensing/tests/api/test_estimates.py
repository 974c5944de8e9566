"""`POST /v1/retribution-estimates`: anyone, every worked example, only the impossible refused."""

import json
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = json.loads((Path(__file__).parents[1] / "unit" / "data" / "retribution-examples.json").read_text())["examples"]
VERIFIED = [example for example in EXAMPLES if example["verified"]]


def asked(client: Any, rule_set: str, inputs: Any, **more: Any) -> Any:
    return client.post("/v1/retribution-estimates", json={"rule_set": rule_set, "inputs": inputs, **more})


@pytest.mark.parametrize("worked", VERIFIED, ids=lambda worked: worked["id"])
def test_a_verified_example_over_the_wire(client: Any, worked: dict[str, Any]) -> None:
    answer = asked(client, worked["rule_set"], worked["inputs"])
    assert answer.status_code == 200
    assert {name: answer.json[name] for name in worked["expected"]} == worked["expected"]
    assert answer.json["fungsi"] == worked["inputs"]["fungsi"]
    assert {"symbol", "value", "unit", "formula", "expression", "legal_basis"} == set(answer.json["steps"][0])
    assert answer.json["tariff"] is None


def test_numbers_may_be_written_as_numbers_too(client: Any, a_house: dict[str, Any]) -> None:
    assert asked(client, "pp-16-2021", {**a_house, "luas_lantai_m2": 72, "ilo": 0.005, "shst": 5350000}).json["total_rp"] == 346680


def test_without_unit_prices_the_city_s_sample_tariff_is_used_and_said(client: Any, a_house: dict[str, Any]) -> None:
    inputs = {name: value for name, value in a_house.items() if name not in ("ilo", "shst")}
    answer = asked(client, "pp-16-2021", inputs).json
    assert (answer["total_rp"], answer["tariff"]["sample"]) == (346680, True)


@pytest.mark.parametrize(("change", "field"), [
    ({"ilo": "0.5"}, "ilo"), ({"ilo": 0.0051}, "ilo"), ({"ilo": "NaN"}, "ilo"), ({"luas_lantai_m2": "0"}, "luas_lantai_m2"),
    ({"luas_lantai_m2": -3}, "luas_lantai_m2"), ({"luas_lantai_m2": "Infinity"}, "luas_lantai_m2"), ({"luas_lantai_m2": True}, "luas_lantai_m2"),
    ({"luas_lantai_m2": "1e400"}, "luas_lantai_m2"), ({"fungsi": "pabrik"}, "fungsi"), ({"warna": "merah"}, "warna"),
    ({"jumlah_lantai": 0}, "jumlah_lantai"), ({"jumlah_lantai": "1"}, "jumlah_lantai"), ({"jumlah_lantai": 1.5}, "jumlah_lantai"),
    ({"prasarana": [{"nama": "Pagar"}]}, "prasarana"), ({"prasarana": [{"nama": "Menara", "volume": "1"}]}, "prasarana"),
    ({"prasarana": "x"}, "prasarana"), ({"shst": "-1"}, "shst"), ({"shst": None}, "shst"), ({"fungsi": None}, "fungsi"),
])  # fmt: skip
def test_the_impossible_is_refused_and_the_field_named(client: Any, a_house: dict[str, Any], change: dict[str, Any], field: str) -> None:
    answer = asked(client, "pp-16-2021", {**a_house, **change})
    assert (answer.status_code, set(answer.json["errors"]["inputs"])) == (422, {field})


def test_an_unknown_rule_set_or_field_is_refused(client: Any, a_house: dict[str, Any]) -> None:
    assert set(asked(client, "permen-x", a_house).json["errors"]) == {"rule_set"}
    assert set(asked(client, "pp-16-2021", a_house, colour="red").json["errors"]) == {"colour"}
    assert set(asked(client, "pp-16-2021", "text").json["errors"]) == {"inputs"}
    assert set(asked(client, "pp-16-2021", a_house, permit_type="PBG").json["errors"]) == {"permit_type"}
    assert set(asked(client, "pp-16-2021", a_house, on="2020-12-31").json["errors"]) == {"on"}
    for kind, field in (("XYZ", "permit_type"), ("IMB", "on")):
        body = {"permit_type": kind, "on": "2026-01-02", "inputs": a_house}
        assert set(client.post("/v1/retribution-estimates", json=body).json["errors"]) == {field}
    assert client.post("/v1/retribution-estimates", json={}).status_code == 422


def test_what_is_unreadable_is_400(client: Any) -> None:
    for raw in ("{", '{"rule_set": "pp-16-2021", "rule_set": "x"}', '{"inputs": NaN}'):
        answer = client.post("/v1/retribution-estimates", data=raw, content_type="application/json")
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_the_problem_speaks_the_caller_s_language(client: Any, a_house: dict[str, Any]) -> None:
    body = {"rule_set": "pp-16-2021", "inputs": {**a_house, "ilo": "0.5"}}
    said = {
        language: client.post("/v1/retribution-estimates", json=body, headers={"Accept-Language": language}).json["errors"]["inputs"]["ilo"][0]
        for language in ("id", "en")
    }  # fmt: skip
    assert said == {"id": "Indeks lokalitas paling tinggi 0.005 (0,5 %).", "en": "The locality index is at most 0.005 (0.5 %)."}


def test_tariffs_and_permit_types_are_public_with_legal_basis_and_dates(client: Any) -> None:
    tariffs = client.get("/v1/tariffs").json["items"]
    types = client.get("/v1/permit-types").json["items"]
    assert all(row["legal_basis"] and row["valid_from"] for row in (*tariffs, *types))
    assert all(row["sample"] for row in tariffs)
    one = client.get("/v1/permit-types/PBG").json
    assert {row["kind"] for row in one["documents"] if row["required"]} == {"land_title", "design_drawings"}
    assert one["questions"]["required"] == ["fungsi", "jumlah_lantai", "luas_lantai_m2"]
    assert client.get("/v1/permit-types/XYZ").status_code == 404


def test_a_building_charged_by_the_citys_tariff_is_shown_with_it(desk: Any, a_house: dict[str, Any]) -> None:
    ident = desk.brought_to("approval")
    without_prices = {name: value for name, value in a_house.items() if name not in ("ilo", "shst")}
    assert desk.step(ident, "assessment", {"inputs": without_prices}).status_code == 200
    assert desk.show(ident)["assessment"]["calculation"]["tariff"]["sample"] is True
