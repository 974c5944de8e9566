"""The map's squares: a thousandth of a degree (110 m) a side, gathered to larger ones the further away one looks."""

from dataclasses import dataclass
from math import ceil, floor

PER_DEGREE, ROW = 1000, 1_000_000
LARGE = 10
"""Squares along the side of a large one, in which everything is counted already."""
TILE, APART, MOST_ACROSS = 256, 64, 32
DEEPEST_ZOOM = 22
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Squares:
    """What is counted: the squares from `low` to `high`, in columns `west` to `east`; `step` by `step` of them make one cluster."""

    low: int
    high: int
    west: int
    east: int
    step: int


def squares(box: Box, zoom: int) -> Squares:
    """The squares that a box (west, south, east, north; WGS 84 degrees) touches at a zoom of Web Mercator tiles of 256 pixels.

    A cluster is at least 64 pixels wide, and so wide that no more than 33 stand in a row, whatever box is asked for; made of whole large squares
    where it holds some.
    """
    west, south, east, north = (floor(degrees * PER_DEGREE) for degrees in box)
    by_zoom = 360 / 2**zoom / (TILE / APART) * PER_DEGREE
    step = max(1, ceil(by_zoom), ceil(max(east - west, north - south) / MOST_ACROSS))
    step = step if step < LARGE else ceil(step / LARGE) * LARGE
    return Squares(south * ROW + west, north * ROW + east, west, east, step)
