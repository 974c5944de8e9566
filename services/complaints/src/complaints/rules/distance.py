"""Metres between two points, near enough for a city."""

from math import asin, cos, radians, sin, sqrt

EARTH = 6_371_000.0
METRES_A_DEGREE = 111_320.0


def metres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Along the sphere (haversine); inputs in degrees."""
    a, b = radians(latitude), radians(other_latitude)
    across = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH * asin(sqrt(across))


def box(latitude: float, longitude: float, radius: float) -> tuple[float, float, float, float]:
    """West, south, east, north of a box that holds every point within `radius` metres."""
    high = radius / METRES_A_DEGREE
    wide = high / cos(radians(latitude))
    return longitude - wide, latitude - high, longitude + wide, latitude + high
