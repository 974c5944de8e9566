"""With the city's boundaries a point tells its kelurahan; without them the citizen does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from complaints.use_cases import places
from smartcity.regions import kelurahan

WEST, EAST = "12.71.01.1001", "12.71.01.1002"


def feature(code: str, west: float, east: float) -> dict[str, Any]:
    ring = [[west, 3.55], [east, 3.55], [east, 3.60], [west, 3.60], [west, 3.55]]
    return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


@pytest.fixture
def bounded(street: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An invented city of two kelurahan side by side."""
    given = tmp_path / "boundaries.geojson"
    given.write_text(json.dumps({"type": "FeatureCollection", "features": [feature(WEST, 98.66, 98.68), feature(EAST, 98.68, 98.70)]}))
    monkeypatch.setattr(places, "GIVEN", given)
    places.boundaries.cache_clear()
    yield street
    places.boundaries.cache_clear()


def test_the_point_tells_the_kelurahan_whatever_was_named(bounded: Any) -> None:
    assert bounded.file(kelurahan_code=WEST, longitude=98.69)["kelurahan_code"] == EAST
    assert bounded.file(longitude=98.67)["kelurahan_code"] == WEST
    unnamed = {name: value for name, value in bounded.file(longitude=98.67).items() if name in ("category", "title", "text", "address")}
    sent = {**unnamed, "latitude": 3.58, "longitude": 98.69}
    answer = bounded.client.post("/v1/complaints", json=sent, headers={**bounded.citizen(), **bounded.key()})
    assert (answer.status_code, answer.json["kelurahan_code"]) == (201, EAST)


def test_a_point_in_the_box_but_outside_every_boundary_is_refused(bounded: Any) -> None:
    refused = bounded.filing(latitude=3.62)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["latitude"])
    near = bounded.client.get("/v1/complaints/duplicates?category=jalan_rusak&latitude=3.62&longitude=98.69")
    assert near.json["errors"].keys() == {"latitude"}


def test_without_a_point_the_named_kelurahan_holds_and_one_must_be_named(bounded: Any, hole: dict[str, Any]) -> None:
    bare = {name: value for name, value in hole.items() if name not in ("latitude", "longitude")}
    headers = {**bounded.citizen(), **bounded.key()}
    assert bounded.client.post("/v1/complaints", json=bare, headers=headers).json["kelurahan_code"] == hole["kelurahan_code"]
    del bare["kelurahan_code"]
    assert bounded.client.post("/v1/complaints", json=bare, headers={**headers, **bounded.key()}).json["errors"].keys() == {
        "kelurahan_code"
    }


def test_an_application_need_not_name_the_kelurahan_of_a_point(bounded: Any, app311: Any) -> None:
    (place,) = [one for one in app311.json("services/sampah")["attributes"] if one["code"] == "kelurahan_code"]
    assert place["required"] is False
    number = app311.read(long="98.69", address_string="", **{"attribute[kelurahan_code]": None})
    (told,) = app311.json(f"requests/{number}")
    assert (told["address_id"], told["address"]) == (EAST, kelurahan(EAST).name + ", Medan Kota")  # type: ignore[union-attr]


def test_without_boundaries_the_kelurahan_is_named_even_where_there_is_a_point(street: Any, hole: dict[str, Any]) -> None:
    assert street.file(kelurahan_code=EAST)["kelurahan_code"] == EAST
    del hole["kelurahan_code"]
    refused = street.client.post("/v1/complaints", json=hole, headers={**street.citizen(), **street.key()})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["kelurahan_code"])
