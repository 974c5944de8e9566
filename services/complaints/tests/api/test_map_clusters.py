"""The map from far and near: counted where many lie together, one by one where few do, and only what is public."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from complaints.use_cases import city_map

MAP = "/v1/open-data/complaints/complaints.geojson"
CITY = {"west": 98.55, "south": 3.45, "east": 98.80, "north": 3.80}
NORTH_EAST = {"west": 98.70, "south": 3.60, "east": 98.80, "north": 3.80}


@pytest.fixture
def crowded(street: Any, session: Session) -> Any:
    """A complaint copied 240 times into one street, 60 times into another; and one that is nobody's business, 90 times."""
    shown, hidden = street.brought_to("verification"), street.brought_to("verification", confidential=True)
    names = session.scalars(sa.text(
        "SELECT string_agg(attname, ', ') FROM pg_attribute WHERE attrelid = 'complaint'::regclass AND attnum > 0 AND NOT attisdropped "
        "AND attgenerated = '' AND attname NOT IN ('id', 'number', 'follow_up_index', 'latitude', 'longitude')"
    )).one()  # fmt: skip
    copy = (
        f"INSERT INTO complaint (id, number, follow_up_index, latitude, longitude, {names}) "
        f"SELECT gen_random_uuid(), number || i || :count, decode(md5(number || i || :count), 'hex'), :lat, :lon, {names} "
        "FROM complaint, generate_series(1, :count) i WHERE id = CAST(:id AS uuid)"
    )
    for ident, latitude, longitude, count in ((shown, 3.5796, 98.6869, 239), (shown, 3.65, 98.75, 60), (hidden, 3.65, 98.75, 90)):
        session.execute(sa.text(copy), {"id": ident, "lat": latitude, "lon": longitude, "count": count})
    session.commit()
    return street


def features(street: Any, box: dict[str, float], **more: Any) -> list[dict[str, Any]]:
    answer = street.client.get(MAP, query_string={**box, **more})
    assert answer.status_code == 200, answer.text
    return list(answer.json["features"])


def test_from_far_the_city_is_two_heaps_and_nothing_that_is_not_public(crowded: Any) -> None:
    far = features(crowded, CITY, zoom=11)
    assert [one["properties"] for one in far] == [{"cluster": True, "count": 240}, {"cluster": True, "count": 60}]
    (west, south), (east, north) = (one["geometry"]["coordinates"] for one in far)
    assert (west, south) == (98.6865, 3.5795), "the middle of their square"
    assert abs(east - 98.75) < 0.001 and abs(north - 3.65) < 0.001
    (all_of_it,) = features(crowded, CITY, zoom=3)
    assert all_of_it["properties"]["count"] == 300


def test_where_they_are_few_each_is_shown_with_its_number(crowded: Any) -> None:
    near = features(crowded, NORTH_EAST, zoom=13)
    assert len(near) == 60
    assert all(set(one["properties"]) == {"number", "category", "title", "status"} for one in near)
    assert len(features(crowded, CITY)) == 300, "without a zoom as before"


def test_the_counts_are_those_of_the_points_whatever_the_zoom(crowded: Any, session: Session) -> None:
    for zoom in range(23):
        counted = city_map.clusters(session, tuple(CITY.values()), zoom)  # type: ignore[arg-type]
        assert counted is not None and sum(one["count"] for one in counted) == 300, zoom


@pytest.mark.parametrize("zoom", [-1, 23, "near"])
def test_a_zoom_that_no_map_has_is_refused(street: Any, zoom: Any) -> None:
    assert street.client.get(MAP, query_string={**CITY, "zoom": zoom}).json["errors"].keys() == {"zoom"}
