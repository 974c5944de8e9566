"""The squares of the map: each point is in what is counted, and no box makes more clusters than a map can show."""

from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.rules.map_grid import DEEPEST_ZOOM, PER_DEGREE, ROW, squares

DEGREES = st.floats(-89, 89, allow_nan=False)
SEEDED = settings(max_examples=300, derandomize=True, deadline=None, database=None)


@SEEDED
@given(DEGREES, DEGREES, st.floats(0, 1), st.floats(0, 1), st.integers(0, DEEPEST_ZOOM))
def test_what_lies_in_the_box_is_counted_in_at_most_34_by_34_clusters(
    west: float, south: float, wide: float, high: float, zoom: int
) -> None:
    asked = squares((west, south, west + wide, south + high), zoom)
    for x, y in ((west, south), (west + wide, south + high), (west + wide / 2, south + high / 2)):
        row, column = int(y * PER_DEGREE // 1), int(x * PER_DEGREE // 1)
        assert asked.low <= row * ROW + column <= asked.high and asked.west <= column <= asked.east
    assert (asked.east - asked.west) // asked.step <= 33


def test_the_closer_one_looks_the_smaller_the_clusters_down_to_one_square() -> None:
    steps = [squares((98.6, 3.5, 98.7, 3.6), zoom).step for zoom in range(DEEPEST_ZOOM + 1)]
    assert steps == sorted(steps, reverse=True)
    assert (steps[11], squares((98.6, 3.5, 98.601, 3.501), 18).step) == (50, 1)
