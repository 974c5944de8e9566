"""Polygons: holes, several parts, borders; and what is no polygon."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.rules.boundaries import area_at, areas
from complaints.use_cases import places
from smartcity.settings import SettingsError

SEEDED = settings(max_examples=200, derandomize=True, deadline=None, database=None)


def square(west: float, south: float, side: float) -> list[list[float]]:
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(code: str, kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": kind, "coordinates": coordinates}}


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


TOWN = areas(
    collection(
        feature("west", "Polygon", [square(0, 0, 4), square(1, 1, 1)]),
        feature("east", "MultiPolygon", [[square(4, 0, 4)], [square(20, 20, 1)]]),
    )
)


@pytest.mark.parametrize(
    ("x", "y", "code"),
    [(0.5, 0.5, "west"), (1.5, 1.5, None), (3.9, 3.9, "west"), (4.1, 2, "east"), (20.5, 20.5, "east"), (12, 12, None), (-1, 2, None)],
)
def test_a_hole_is_outside_and_every_part_is_inside(x: float, y: float, code: str | None) -> None:
    found = area_at(TOWN, latitude=y, longitude=x)
    assert (found.code if found else None) == code


@SEEDED
@given(st.floats(0.01, 7.99), st.floats(0.01, 3.99))
def test_between_two_neighbours_nothing_falls_and_nothing_lies_in_both(x: float, y: float) -> None:
    plain = areas(collection(feature("west", "Polygon", [square(0, 0, 4)]), feature("east", "Polygon", [square(4, 0, 4)])))
    assert [area.code for area in plain if area.has(y, x)] == ["west" if x < 4 else "east"]


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"features": [{}]},
        collection(feature("a", "Point", [1, 2])),
        collection(feature("a", "Polygon", [[[0, 0], [1, 1], [0, 0]]])),
        collection(feature("a", "Polygon", [square(0, 0, 1)[:-1]])),
        collection(feature("a", "Polygon", [])),
    ],
)
def test_what_is_no_polygon_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of its words
        areas(broken)


@pytest.mark.parametrize("text", ["{", json.dumps(collection(feature("12.71.99.1001", "Polygon", [square(98, 3, 1)])))])
def test_the_service_does_not_start_with_boundaries_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    given_file = tmp_path / "boundaries.geojson"
    given_file.write_text(text)
    monkeypatch.setattr(places, "GIVEN", given_file)
    places.boundaries.cache_clear()
    try:
        with pytest.raises(SettingsError, match=r"boundaries\.geojson"):
            places.boundaries()
    finally:
        places.boundaries.cache_clear()
