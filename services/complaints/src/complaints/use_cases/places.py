"""Where it is: a point of the map inside the city, and the kelurahan, told by the point where the boundaries are given, else named."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from complaints.rules.boundaries import Area, area_at, areas
from smartcity.regions import in_city_box, kelurahan
from smartcity.settings import SettingsError

GIVEN = files("complaints") / "data" / "boundaries.geojson"
"""The city's own boundaries: one (multi)polygon a kelurahan, its Kemendagri code as the property `code`. None are shipped."""


@cache
def boundaries() -> tuple[Area, ...]:
    """Every kelurahan's area; none where the city gave no boundaries. Raises `SettingsError` for a file that cannot be used."""
    if not GIVEN.is_file():
        return ()
    try:
        found = areas(json.loads(GIVEN.read_text()))
    except ValueError as wrong:
        raise SettingsError(f"data/boundaries.geojson: {wrong}") from None
    if unknown := sorted({area.code for area in found if kelurahan(area.code) is None}):
        raise SettingsError(f"data/boundaries.geojson: {unknown[0]} is no kelurahan of Medan")
    return found


def wrong_point(request: Mapping[str, Any]) -> dict[str, Any]:
    """What is wrong with the map point, if there is one."""
    latitude, longitude = request.get("latitude"), request.get("longitude")
    if latitude is None and longitude is None:
        return {}
    if latitude is None or longitude is None:
        return {"latitude" if latitude is None else "longitude": ["point-half"]}
    inside = in_city_box(latitude, longitude) and (not boundaries() or area_at(boundaries(), latitude, longitude))
    return {} if inside else {"latitude": ["point-outside-medan"]}


def kelurahan_code(request: Mapping[str, Any]) -> str:
    """Of the point where the boundaries tell it, whatever was named; else the one named. Empty where neither is there."""
    if boundaries() and request.get("latitude") is not None and not wrong_point(request):
        found = area_at(boundaries(), request["latitude"], request["longitude"])
        return found.code if found else ""
    return str(request.get("kelurahan_code") or "")


def wrong_place(request: Mapping[str, Any]) -> dict[str, Any]:
    """What is wrong with point and kelurahan."""
    if wrong := wrong_point(request):
        return wrong
    code = kelurahan_code(request)
    if not code:
        return {"kelurahan_code": ["kelurahan-needed"]}
    return {} if kelurahan(code) else {"kelurahan_code": ["region-outside-medan"]}
