"""Kecamatan and kelurahan of Medan by Kemendagri code (`12.71.01`, `12.71.01.1001`). Source: `data/medan_regions.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Kecamatan:
    """A district. `nik_code` is how a NIK registered there begins."""

    code: str
    name: str
    nik_code: str


@dataclass(frozen=True)
class Kelurahan:
    """A village of a kecamatan."""

    code: str
    name: str
    kecamatan: Kecamatan


@cache
def _facts() -> Mapping[str, Any]:
    return json.loads((files("smartcity") / "data" / "medan_regions.json").read_text())  # type: ignore[no-any-return]


@cache
def _kecamatan() -> Mapping[str, Kecamatan]:
    return {row["code"]: Kecamatan(row["code"], row["name"], row["nik_code"]) for row in _facts()["kecamatan"]}


@cache
def _kelurahan() -> Mapping[str, Kelurahan]:
    districts = _kecamatan()
    return {code: Kelurahan(code, name, districts[row["code"]]) for row in _facts()["kecamatan"] for code, name in row["kelurahan"].items()}


def kecamatan(code: str) -> Kecamatan | None:
    """The kecamatan with this code, or `None` where Medan has none."""
    return _kecamatan().get(code)


def kelurahan(code: str) -> Kelurahan | None:
    """The kelurahan with this code, or `None` where Medan has none."""
    return _kelurahan().get(code)


def all_kecamatan() -> tuple[Kecamatan, ...]:
    """The 21 kecamatan, by code."""
    return tuple(_kecamatan().values())


def all_kelurahan(kecamatan_code: str | None = None) -> tuple[Kelurahan, ...]:
    """The 151 kelurahan by code, or those of one kecamatan (none for an unknown code)."""
    return tuple(place for place in _kelurahan().values() if kecamatan_code in (None, place.kecamatan.code))


def city_box() -> tuple[float, float, float, float]:
    """West, south, east, north of the rough box around Medan, in WGS 84 degrees."""
    box = _facts()["box"]
    return box["min_lon"], box["min_lat"], box["max_lon"], box["max_lat"]


def in_city_box(lat: float, lon: float) -> bool:
    """Do WGS 84 degrees lie in the rough box around Medan? A sanity check: ask again outside, never refuse silently."""
    west, south, east, north = city_box()
    return south <= lat <= north and west <= lon <= east
