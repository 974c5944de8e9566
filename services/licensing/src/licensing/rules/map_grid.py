"""The map's grid: squares of a hundredth of a degree, so that a box of the map is a few numbers and an index finds what stands in it."""

from decimal import ROUND_FLOOR, Decimal
from itertools import product

SQUARES, COLUMNS = 100, 100_000
Box = tuple[float, float, float, float]


def _square(degrees: float) -> int:
    """Counted in decimals: 98.67 lies in square 9867, although it is a little less in binary."""
    return int((Decimal(str(degrees)) * SQUARES).to_integral_value(ROUND_FLOOR))


def cell_of(latitude: float, longitude: float) -> int:
    """The number of the square in which a position lies (WGS 84 degrees)."""
    return _square(latitude) * COLUMNS + _square(longitude)


def cells_of(box: Box) -> list[int]:
    """The squares that a box (west, south, east, north) touches, in order."""
    west, south, east, north = map(_square, box)
    return [row * COLUMNS + column for row, column in product(range(south, north + 1), range(west, east + 1))]


def overlap(one: Box, other: Box) -> Box | None:
    """What two boxes have in common; `None` where they do not meet."""
    west, south, east, north = max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
    return (west, south, east, north) if west <= east and south <= north else None
