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


def test_figures_are_of_one_office_category_or_kecamatan_where_that_is_asked(a_fortnight: Any) -> None:
    def keys(query: str) -> dict[str, int]:
        return {row["key"]: row["filed"] for row in a_fortnight.client.get(f"/v1/statistics/complaints?{query}").json["items"]}

    assert keys("by=month&office=SDABMBK") == {"2026-02": 2}
    assert keys("by=category&office=SDABMBK") == {"jalan_rusak": 1, "jembatan": 1}
    assert keys("by=office&category=sampah") == {"-": 1}
    assert keys("by=month&kecamatan_code=12.71.01") == {"2026-02": 3} and keys("by=month&kecamatan_code=12.71.02") == {}


def test_every_row_has_its_name(a_fortnight: Any) -> None:
    named = {by: {row["label"] for row in rows(a_fortnight, by).values()} for by in ("office", "category", "kecamatan", "month")}
    assert named["office"] == {"Belum pada perangkat daerah", "Dinas Sumber Daya Air, Bina Marga dan Bina Konstruksi"}
    assert "Jalan rusak/berlubang" in named["category"]
    assert (named["kecamatan"], named["month"]) == ({"Medan Kota"}, {"2026-02"})


def test_a_look_is_in_time_by_its_own_clock_and_not_by_a_later_one(street: Any, clock: Any, run_due: Any) -> None:
    """Read in time and given back by the office; the second look is late, which is no late first one."""
    clock.set(MONDAY)
    ident = street.brought_to("disposition")
    street.step(ident, "return")
    late = street.file(category="sampah")["id"]
    clock.advance(days=7)
    street.step(late, "verification")  # nobody had carried it up meanwhile: `work` was away
    run_due()
    assert rows(street, "category")["jalan_rusak"]["verified_in_time"] == 1
    assert rows(street, "category")["sampah"]["verified_in_time"] == 0


def test_data_sets_are_described_in_the_standard_of_satu_data(a_fortnight: Any) -> None:
    listed = a_fortnight.client.get("/v1/open-data/complaints").json["items"]
    assert [one["code"] for one in listed] == ["complaints", "statistics"]
    for one in listed:
        alone = a_fortnight.client.get(f"/v1/open-data/complaints/{one['code']}/metadata")
        assert alone.json == one and all(one[name] for name in ("concept", "definition", "classification", "measure", "unit", "columns"))
    heading = a_fortnight.client.get("/v1/open-data/complaints/statistics.csv").text.partition("\r\n")[0]
    assert [column["name"] for column in listed[1]["columns"]] == heading.split(",")
    filed = a_fortnight.client.get("/v1/complaints").json["items"][0]
    assert {column["name"] for column in listed[0]["columns"]} <= set(filed)
    for path in (way["path"] for one in listed for way in one["distributions"]):
        asked = f"{path}?west=98&south=3&east=99&north=4" if path.endswith("geojson") else path
        assert a_fortnight.client.get(asked).status_code == 200, path
    assert a_fortnight.client.get("/v1/open-data/complaints/people/metadata").status_code == 404


def test_the_same_figures_as_csv(a_fortnight: Any) -> None:
    answer = a_fortnight.client.get("/v1/open-data/complaints/statistics.csv?by=month")
    assert answer.mimetype == "text/csv"
    heading, row, rest = answer.text.split("\r\n")
    assert heading.startswith("key,label,filed,verified,") and row.startswith("2026-02,2026-02,3,3,2,2,2,1,1,") and rest == ""


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
    assert answer.mimetype == "application/geo+json"  # RFC 7946 §12
    (feature,) = answer.json["features"]
    assert (feature["id"], feature["geometry"]) == (shown, {"type": "Point", "coordinates": [98.6869, 3.5796]})
    assert set(feature["properties"]) == {"number", "category", "title", "status"}
    assert street.client.get("/v1/open-data/complaints/complaints.geojson?west=nan&south=0&east=0&north=0").status_code == 422
