"""Open data: right, described, kept by caches, and without anybody in it."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest

HERE = {"lat": 3.579612, "lon": 98.686931}
LIST = "/v1/open-data/licensing/permits"
FIGURES = "/v1/statistics/licensing/permits"
DOORS = (
    f"{LIST}.json",
    f"{LIST}.csv",
    f"{LIST}.geojson",
    FIGURES,
    "/v1/open-data/licensing/permit-statistics.csv",
    "/v1/open-data/licensing",
)


@pytest.fixture
def issued(desk: Any, clock: Any, hear: Any, paid: Any) -> Any:
    """The application of a permit that was issued ten days after its submission; keywords of the application."""

    def made(days: int = 10, at: datetime = datetime(2026, 2, 9, 2, tzinfo=UTC), **other: Any) -> str:
        clock.set(at)
        ident = desk.brought_to("assessment", **other)
        clock.advance(days=days)
        hear("finance-sts.bill.paid.v1", paid(ident))
        assert desk.show(ident)["status"] == "issued"
        return str(ident)

    return made


def features(desk: Any, query: str = "") -> list[dict[str, Any]]:
    answer = desk.client.get(f"{LIST}.geojson{query}")
    assert (answer.status_code, answer.mimetype, answer.json["type"]) == (200, "application/geo+json", "FeatureCollection")
    return list(answer.json["features"])


def test_a_permit_is_on_the_map_where_its_applicant_said_and_without_geometry_where_not(desk: Any, issued: Any) -> None:
    issued(position=HERE)
    issued()
    without, with_place = features(desk)
    assert (with_place["geometry"], without["geometry"]) == ({"type": "Point", "coordinates": [98.6869, 3.5796]}, None)
    assert with_place["properties"] == {
        "number": "PBG/DPMPTSP/2026/000001", "permit_type": "PBG", "status": "active", "kelurahan_code": "12.71.01.1001",
        "kecamatan_code": "12.71.01", "month": "2026-02",
    }  # fmt: skip


def test_a_box_of_the_map_shows_what_stands_inside_it(desk: Any, issued: Any) -> None:
    issued(position=HERE)
    issued()
    for west, south, east, north, found in (
        (98.68, 3.57, 98.69, 3.58, 1), (98.6869, 3.5796, 98.687, 3.5797, 1), (98.687, 3.57, 98.69, 3.58, 0), (0, 0, 1, 1, 0), (98.7, 3.7, 98.6, 3.5, 0),
    ):  # fmt: skip
        assert len(features(desk, f"?west={west}&south={south}&east={east}&north={north}")) == found
    assert desk.client.get(f"{LIST}.geojson?west=98.6&south=3.5").json["errors"].keys() == {"east", "north"}
    assert desk.client.get(f"{LIST}.geojson?west=nan&south=0&east=0&north=0").status_code == 422


def test_the_map_is_read_page_by_page_inside_a_box_too(desk: Any, issued: Any) -> None:
    for lat in (3.591, 3.571, 3.581):
        issued(position={**HERE, "lat": lat})
    for box in ("", "&west=98.6&south=3.5&east=98.7&north=3.7"):
        first = desk.client.get(f"{LIST}.geojson?limit=2{box}").json
        second = desk.client.get(f"{LIST}.geojson?limit=2{box}&cursor={first['next']}").json
        numbers = [one["properties"]["number"][-1] for one in first["features"] + second["features"]]
        assert (numbers, second["next"]) == (["2", "3", "1"] if box else ["3", "2", "1"], None)


def test_the_list_is_json_and_csv_and_a_revoked_permit_says_so(desk: Any, issued: Any) -> None:
    ident = desk.show(issued(position=HERE))["permit_id"]
    head = desk.as_("kadis", "head", office="DPMPTSP")
    tag = {"If-Match": desk.client.get(f"/v1/permits/{ident}", headers=head).headers["ETag"]}
    why = {"reason_code": "safety", "text": "Dinding retak."}
    assert desk.client.post(f"/v1/permits/{ident}/revocation", json=why, headers={**head, **tag}).status_code == 200
    issued()
    newest, oldest = desk.client.get(f"{LIST}.json").json["items"]
    assert (newest["status"], oldest["status"], oldest["latitude"]) == ("active", "revoked", 3.5796)
    page = desk.client.get(f"{LIST}.csv?limit=1")
    (row,) = csv.DictReader(io.StringIO(page.text))
    assert (page.mimetype, row) == ("text/csv", {name: "" if value is None else str(value) for name, value in newest.items()})
    assert 'rel="next"' in page.headers["Link"]


def test_only_permits_of_buildings_are_listed(desk: Any, issued: Any) -> None:
    issued()
    assert desk.client.get(f"{LIST}.json?permit_type=IMB").json["items"] == []
    for kind in ("TOKO", "XYZ"):
        assert desk.client.get(f"{LIST}.json?permit_type={kind}").json["errors"].keys() == {"permit_type"}


def figures(desk: Any, query: str = "?since=2026-01&until=2026-12") -> list[dict[str, Any]]:
    answer = desk.client.get(FIGURES + query)
    assert answer.status_code == 200, answer.json
    return list(answer.json["items"])


def test_the_figures_count_by_month_kecamatan_and_type(desk: Any, issued: Any) -> None:
    for days in (3, 4, 9, 10):
        issued(days)
    issued(30)
    issued(5, kelurahan_code="12.71.02.1001")
    assert figures(desk) == [
        {
            "month": "2026-02", "kecamatan_code": "12.71.01", "kecamatan": figures(desk)[0]["kecamatan"], "permit_type": "PBG", "permits": 4,
            "median_days": "6.5", "share_within_clock": "1.0000", "retribution_total": 4 * 346680,
        },
        {
            "month": "2026-02", "kecamatan_code": "12.71.02", "kecamatan": figures(desk)[1]["kecamatan"], "permit_type": "PBG", "permits": 1,
            "median_days": "5.0", "share_within_clock": "1.0000", "retribution_total": 346680,
        },
        {
            "month": "2026-03", "kecamatan_code": "12.71.01", "kecamatan": figures(desk)[0]["kecamatan"], "permit_type": "PBG", "permits": 1,
            "median_days": "30.0", "share_within_clock": "1.0000", "retribution_total": 346680,
        },
    ]  # fmt: skip
    (row, _, _) = csv.DictReader(
        io.StringIO(desk.client.get("/v1/open-data/licensing/permit-statistics.csv?since=2026-01&until=2026-12").text)
    )
    assert (row["permits"], row["median_days"], row["retribution_total"]) == ("4", "6.5", "1386720")


def test_the_month_is_that_of_medan(desk: Any, issued: Any) -> None:
    issued(0, datetime(2026, 2, 28, 17, 30, tzinfo=UTC))
    assert figures(desk, "?since=2026-02&until=2026-02") == []
    assert figures(desk, "?since=2026-03&until=2026-03")[0]["month"] == "2026-03"


def test_a_step_that_took_too_long_is_not_within_the_clock(desk: Any, clock: Any, hear: Any, paid: Any) -> None:
    for late in (True, False):
        clock.set(datetime(2026, 2, 9, 2, tzinfo=UTC))
        ident = desk.brought_to("submission")
        if late:
            clock.advance(days=14)
        for step in ("completeness", "examinations", "approval", "assessment"):
            assert desk.step(ident, step).status_code < 300
        hear("finance-sts.bill.paid.v1", paid(ident))
    (row,) = figures(desk)
    assert (row["permits"], row["share_within_clock"]) == (2, "0.5000")


def test_a_step_that_is_late_in_the_hour_of_the_issue_counts_too(desk: Any, clock: Any, a_house: dict[str, Any]) -> None:
    clock.set(datetime(2026, 2, 9, 2, tzinfo=UTC))
    ident = desk.brought_to("approval")
    clock.advance(days=30)
    assert desk.step(ident, "assessment", {"inputs": {**a_house, "fungsi": "keagamaan"}}).json["status"] == "issued"
    assert figures(desk)[0]["share_within_clock"] == "0.0000"


def test_a_period_is_at_most_a_year_and_in_order(desk: Any, clock: Any) -> None:
    clock.set(datetime(2026, 2, 9, 2, tzinfo=UTC))
    for query, field in (("?since=2026-01&until=2027-01", "until"), ("?since=2026-02&until=2026-01", "until"), ("?since=2026-13", "since")):
        assert desk.client.get(FIGURES + query).json["errors"].keys() == {field}
    assert figures(desk, "") == []


@pytest.mark.parametrize("door", DOORS)
def test_whoever_has_an_answer_asks_whether_it_is_still_the_same(desk: Any, issued: Any, door: str) -> None:
    issued(at=datetime(2026, 11, 9, 2, tzinfo=UTC), position=HERE)
    first = desk.client.get(door)
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "public, max-age=300")
    again = desk.client.get(door, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_nobody_is_in_the_open_data(desk: Any, issued: Any) -> None:
    issued(at=datetime(2026, 11, 9, 2, tzinfo=UTC), position=HERE, nib="8120001234567")
    for door in (*DOORS, "/v1/open-data/licensing/permits/metadata"):
        said = desk.client.get(door).text
        for personal in ("Budi", "budi", "Siregar", "Sei Deli", "Sisingamangaraja", "8120001234567", "98.686931", "SSRD"):
            assert personal not in said, (door, personal)


def test_every_column_is_described_in_the_standard_of_satu_data(desk: Any, issued: Any) -> None:
    issued(at=datetime(2026, 11, 9, 2, tzinfo=UTC))
    shown = {"permits": desk.client.get(f"{LIST}.json").json["items"][0], "permit-statistics": figures(desk, "")[0]}
    for described in desk.client.get("/v1/open-data/licensing").json["items"]:
        assert {column["name"] for column in described["columns"]} == set(shown[described["code"]])
        assert all(described[name] for name in ("concept", "definition", "classification", "measure", "unit", "reference_codes", "roles"))
        for form in described["distributions"]:
            assert desk.client.get(form["path"]).mimetype == form["media_type"]
        assert desk.client.get(f"/v1/open-data/licensing/{described['code']}/metadata").json == described
    assert desk.client.get("/v1/open-data/licensing/people/metadata").status_code == 404


def test_a_position_is_one_inside_medan_and_can_be_mended(desk: Any) -> None:
    ident = desk.open(position=HERE)
    assert desk.show(ident)["position"] == HERE
    path, headers = f"/v1/permit-applications/{ident}", desk.citizen()
    for wrong in ({"lat": -6.2, "lon": 106.8}, {"lat": 3.58}, {"lat": "x", "lon": 98.67}, [3.58, 98.67]):
        assert desk.client.patch(path, json={"position": wrong}, headers=headers).json["errors"].keys() == {"position"}
    assert desk.client.patch(path, json={"position": None}, headers=headers).json["position"] is None
