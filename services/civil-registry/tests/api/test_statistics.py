"""Figures for everybody: how many births, how soon a certificate; few are hidden, nobody is named."""

import csv
import io
from typing import Any

import pytest

FIGURES = "/v1/statistics/civil-registry/births"


def figures(desk: Any, query: str = "") -> dict[str, dict[str, Any]]:
    answer = desk.client.get(FIGURES + query)
    assert answer.status_code == 200, answer.json
    return {row["key"]: row for row in answer.json["items"]}


@pytest.fixture
def births(desk: Any, clock: Any) -> Any:
    """Six girls and five boys of other mothers, one of them late, and one more entry without a certificate."""
    for turn in range(12):
        mother = {"nik": f"12710145029001{turn:02}", "name": f"Ibu {chr(65 + turn)}"}
        child = {
            "name": f"Anak {chr(65 + turn)}",
            "sex": "female" if turn < 6 else "male",
            **({"born_on": "2025-06-01"} if turn == 0 else {}),
        }
        ident = desk.brought_to("verification", mother=mother, child=child)
        steps = ["late-decision"] if turn == 0 else []
        for step in (*steps, "registration", *(["signature"] if turn < 11 else [])):
            assert desk.step(ident, step).status_code == 200
    return desk


def test_births_are_counted_by_sex_kelurahan_and_in_time_or_late(births: Any) -> None:
    assert {key: (row["births"], row["suppressed"]) for key, row in figures(births, "?by=sex").items()} == {
        "female": (6, False),
        "male": (6, False),
    }
    (place,) = figures(births).values()
    assert (place["key"], place["month"], place["births"], place["label"]) == ("12.71.01.1001", "2026-02", 12, "Pasar Baru")
    kinds = figures(births, "?by=kind")
    assert {key: (row["births"], row["suppressed"]) for key, row in kinds.items()} == {"in_time": (None, True), "late": (None, True)}
    assert kinds["late"]["median_days"] is None
    assert figures(births, "?since=2026-01&until=2026-01") == {}


def test_days_run_from_the_first_submission_to_the_certificate(desk: Any, clock: Any) -> None:
    idents = []
    for turn in range(5):
        mother = {"nik": f"12710145029001{turn:02}", "name": f"Ibu {chr(65 + turn)}"}
        idents.append(desk.brought_to("registration", mother=mother, child={"name": f"Anak {chr(65 + turn)}"}))
    for ident in idents:
        clock.advance(days=1)
        assert desk.step(ident, "signature").status_code == 200
    (row,) = figures(desk, "?by=sex").values()
    assert (row["births"], float(row["median_days"]), float(row["longest_days"])) == (5, 3.0, 5.0)


def test_the_same_figures_are_csv_and_say_what_they_mean(births: Any) -> None:
    answer = births.client.get("/v1/open-data/civil-registry/births.csv?by=sex")
    assert answer.mimetype == "text/csv" and answer.headers["ETag"]
    read = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["key"], row["births"]) for row in read] == [("female", "6"), ("male", "6")]
    (listed,) = births.client.get("/v1/open-data/civil-registry").json["items"]
    meaning = births.client.get(f"/v1/open-data/civil-registry/{listed['code']}/metadata").json
    assert [column["name"] for column in meaning["columns"]] == list(read[0])
    assert births.client.get("/v1/open-data/civil-registry/deaths/metadata").status_code == 404


@pytest.mark.parametrize("query", [
    "?by=name", "?since=2026-13", "?since=2026-1", "?since=2025-01&until=2026-06", "?since=2026-05&until=2026-02", "?since=0000-01", "?until=9999-12",
    "?until=0001-01",
])  # fmt: skip
def test_a_period_that_cannot_be_is_refused(desk: Any, query: str) -> None:
    answer = desk.client.get(FIGURES + query)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
