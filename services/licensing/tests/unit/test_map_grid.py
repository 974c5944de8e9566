"""The squares of the map: every position of a box lies in one of the box's squares."""

from hypothesis import given
from hypothesis import strategies as st

from licensing.rules.map_grid import cell_of, cells_of, overlap
from smartcity.regions import city_box

WEST, SOUTH, EAST, NORTH = city_box()
latitudes, longitudes = (
    st.floats(low, high).map(lambda degrees: round(degrees, 6)) for low, high in ((SOUTH, NORTH), (WEST, EAST))
)  # fmt: skip


@given(st.lists(latitudes, min_size=3, max_size=3), st.lists(longitudes, min_size=3, max_size=3))
def test_what_lies_in_a_box_lies_in_one_of_its_squares(lats: list[float], lons: list[float]) -> None:
    (south, lat, north), (west, lon, east) = sorted(lats), sorted(lons)
    cells = cells_of((west, south, east, north))
    assert cell_of(lat, lon) in cells
    assert cells == sorted(set(cells))


def test_the_whole_city_is_a_few_hundred_squares() -> None:
    assert len(cells_of((WEST, SOUTH, EAST, NORTH))) == 34 * 17


def test_a_square_begins_at_its_own_border() -> None:
    assert cell_of(3.58, 98.67) == 358_09867
    assert cell_of(3.579999, 98.669999) == 357_09866


def test_boxes_that_do_not_meet_have_nothing_in_common() -> None:
    assert overlap((0, 0, 1, 1), (2, 2, 3, 3)) is None
    assert overlap((0, 0, 2, 2), (1, 1, 3, 3)) == (1, 1, 2, 2)
