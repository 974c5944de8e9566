"""Which area a point lies in: polygons of GeoJSON (RFC 7946), with holes and in several parts, each behind its box."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Ring = Sequence[Sequence[float]]
Box = tuple[float, float, float, float]
LEAST = 4  # positions of a closed ring


@dataclass(frozen=True)
class Area:
    """What `code` covers: polygons, each an outer ring and its holes; `box` is west, south, east, north of all."""

    code: str
    box: Box
    polygons: tuple[tuple[Ring, ...], ...]

    def has(self, latitude: float, longitude: float) -> bool:
        """Does the point (WGS 84 degrees) lie inside, and in no hole?"""
        west, south, east, north = self.box
        if not (west <= longitude <= east and south <= latitude <= north):
            return False
        return any(sum(_within(ring, longitude, latitude) for ring in rings) % 2 == 1 for rings in self.polygons)


def areas(collection: Mapping[str, Any]) -> tuple[Area, ...]:
    """Every feature of a collection by its property `code`. Raises `ValueError` for what is no (multi)polygon of closed rings."""
    try:
        return tuple(_area(feature) for feature in collection["features"])
    except (KeyError, TypeError, IndexError) as wrong:
        raise ValueError(f"not a collection of areas: {wrong!r}") from None


def _area(feature: Mapping[str, Any]) -> Area:
    code, geometry = feature["properties"]["code"], feature["geometry"]
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"{code} is a {geometry['type']}")
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    rings = [ring for part in parts for ring in part]
    if not rings or any(len(ring) < LEAST or ring[0] != ring[-1] for ring in rings):
        raise ValueError(f"{code} has a ring that is not closed")
    across, along = [position[0] for ring in rings for position in ring], [position[1] for ring in rings for position in ring]
    return Area(code, (min(across), min(along), max(across), max(along)), tuple(tuple(part) for part in parts))


def _within(ring: Ring, x: float, y: float) -> bool:
    """Even-odd: how often a ray to the east crosses the ring. Of two neighbours one alone has what lies on their border."""
    inside = False
    for (x1, y1), (x2, y2) in zip(((one[0], one[1]) for one in ring), ((one[0], one[1]) for one in ring[1:]), strict=False):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def area_at(known: Iterable[Area], latitude: float, longitude: float) -> Area | None:
    """The area in which the point lies; `None` where none has it."""
    return next((area for area in known if area.has(latitude, longitude)), None)
