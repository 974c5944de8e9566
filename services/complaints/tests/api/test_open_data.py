"""Figures and the map: right, public, and without anybody in them."""

from datetime import UTC, datetime
from typing import Any

import pytest

MONDAY = datetime(2026, 2, 9, 2, 0, tzinfo=UTC)


@pytest.fixture
def a_fortnight(street: Any, clock: Any, run_due: Any) -> Any:
    """One closed in time, one reopened, one that nobody read in time; of two offices."""
    clock.set(MONDAY)
    closed, reopened = street.brought_to("follow-up"), street.brought_to("follow-up", category="jembatan")
    street.file(category="sampah")
    clock.advance(hours=5)
    for ident in (closed, reopened):
        street.step(ident, "answer")
    street.act(closed, "acceptance", {"rating": 4})
    street.act(reopened, "acceptance", {"rating": 1})
    street.act(reopened, "reopening", {"note": "Belum selesai."})
    clock.advance(days=7)
    run_due()
    late = street.client.get("/v1/work-queues/complaints", headers=street.staff("verification")).json["items"][0]["id"]
    street.step(late, "verification")
    return street


def rows(street: Any, by: str) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in street.client.get(f"/v1/statistics/complaints?by={by}").json["items"]}


def test_what_was_reopened_does_not_count_as_closed(a_fortnight: Any) -> None:
    works = rows(a_fortnight, "office")["SDABMBK"]
    assert (works["filed"], works["answered"], works["answered_in_time"], works["closed"], works["reopened"]) == (2, 2, 2, 1, 1)
    assert (works["verified_in_time"], works["median_hours"], works["rating"]) == (2, "5.0", "4.00")


def test_what_was_read_late_counts_as_verified_and_not_in_time(a_fortnight: Any) -> None:
    rubbish = rows(a_fortnight, "category")["sampah"]
    assert (rubbish["verified"], rubbish["verified_in_time"], rubbish["median_hours"], rubbish["rating"]) == (1, 0, None, None)
    assert set(rows(a_fortnight, "kecamatan")) == {"12.71.01"}
    assert rows(a_fortnight, "month")["2026-02"]["filed"] == 3


def test_the_same_figures_as_csv(a_fortnight: Any) -> None:
    answer = a_fortnight.client.get("/v1/open-data/complaints/statistics.csv?by=month")
    assert answer.mimetype == "text/csv"
    heading, row, rest = answer.text.split("\r\n")
    assert heading.startswith("key,filed,verified,") and row.startswith("2026-02,3,3,2,2,2,1,1,") and rest == ""


def test_a_period_is_at_most_a_year_and_in_order(street: Any) -> None:
    for since, until in (("2024-01-01", "2026-01-01"), ("2026-01-02", "2026-01-01")):
        path = f"/v1/statistics/complaints?since={since}T00:00:00Z&until={until}T00:00:00Z"
        assert street.client.get(path).json["errors"].keys() == {"until"}


def test_the_map_shows_what_is_public_inside_the_box(street: Any) -> None:
    shown = street.brought_to("verification")
    street.file()
    street.brought_to("verification", confidential=True)
    street.brought_to("verification", latitude=3.60)
    answer = street.client.get("/v1/open-data/complaints/complaints.geojson?west=98.68&south=3.57&east=98.69&north=3.58")
    (feature,) = answer.json["features"]
    assert (feature["id"], feature["geometry"]) == (shown, {"type": "Point", "coordinates": [98.6869, 3.5796]})
    assert set(feature["properties"]) == {"number", "category", "title", "status"}
    assert street.client.get("/v1/open-data/complaints/complaints.geojson?west=nan&south=0&east=0&north=0").status_code == 422
