"""After years of complaints: page 1000 costs what page 1 did, and what stands there is what would stand there."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.loaders.complaints import LAST, NEIGHBOURHOOD, SEED, City, load
from benchmarks.loaders.complaints_hangs_on import WATCHER
from benchmarks.loaders.drawing import years
from complaints.model.complaint import Complaint
from complaints.model.complaint_status import Status
from complaints.model.complaint_table import PUBLIC
from complaints.rules.distance import box
from complaints.rules.map_grid import squares
from complaints.use_cases import city_map, duplicates, handling, moderation, reporting, search
from smartcity.http import Actor
from smartcity.testing.plans import buffers, first_and_far, nodes, plan

ROWS, PAGE, FAR = 24_000, 20, 1000
COORDINATOR = Actor("citra", frozenset({"coordinator"}), office="DISKOMINFO")
OFFICER = Actor("ramli", frozenset({"officer"}), office="SDABMBK")

WHOLE = (98.0, 3.0, 99.0, 4.0)
HERE = sa.text("SELECT count(*) FROM complaint WHERE point(longitude, latitude) <@ box(point(:west, :south), point(:east, :north))")


@pytest.fixture(scope="module")
def filled(postgres_server: str, template: str) -> Iterator[Session]:
    """Years of complaints, by the loader of the benchmarks."""
    with years(postgres_server, template, load, ROWS) as session:
        yield session


NEWEST, URGENT = (Complaint.id.desc(),), (Complaint.deadline, Complaint.id)
LONG: dict[str, tuple[sa.Select[Any], tuple[Any, ...]]] = {
    "everybody's": (reporting.public_list(None, None, None), NEWEST),
    "of a category": (reporting.public_list("jalan_rusak", None, None), NEWEST),
    "of a state": (reporting.public_list(None, None, Status.CLOSED), NEWEST),
    "of a kelurahan": (reporting.public_list(None, "12.71.01.1001", None), NEWEST),
    "mine": (reporting.own_list(NEIGHBOURHOOD), NEWEST),
    "followed": (duplicates.followed(WATCHER), (duplicates.NEWEST_FOLLOWED,)),
    "waiting for the coordinator": (handling.waiting(COORDINATOR), URGENT),
    "waiting for the office": (handling.waiting(OFFICER), URGENT),
}


@pytest.mark.parametrize("name", LONG)
def test_page_1000_reads_what_page_1_does(filled: Session, name: str) -> None:
    """Or the last page of a list that is shorter."""
    query, keys = LONG[name]
    first, page_1000 = first_and_far(filled, query, keys, PAGE, FAR, rising=keys is URGENT)
    assert buffers(page_1000) <= 1.2 * buffers(first) + 2  # a far page may begin in the middle of a block, of the index and of the table
    assert not any(node["Node Type"] == "Seq Scan" for node in nodes(page_1000))


def test_what_is_near_reads_what_is_open_or_new_and_not_what_has_been_there_for_years(filled: Session) -> None:
    (north, east), week = City(ROWS, random.Random(SEED)).bad[0], LAST - timedelta(days=7)
    found = plan(filled, duplicates.near_query("jalan_rusak", north, east, 200, week))
    west, south, far_east, far_north = box(north, east, 200)
    ever = filled.execute(HERE, {"west": west, "south": south, "east": far_east, "north": far_north}).scalar_one()
    looked_at = sum(
        node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        for node in nodes(found)
        if node.get("Index Name") == "ix_complaint_open_place"
    )
    assert not any(node["Node Type"] == "Seq Scan" or node.get("Index Name") == "ix_complaint_place" for node in nodes(found))
    assert looked_at < ever / 4, (looked_at, ever)


def test_the_map_of_the_whole_city_reads_no_more_than_the_thousand_it_shows(filled: Session) -> None:
    assert len(city_map.on_the_map(filled, WHOLE)) == city_map.MOST_POINTS
    found = plan(filled, city_map.map_query(WHOLE))  # as that transaction has it
    (scan,) = (node for node in nodes(found) if "Index Name" in node)
    assert (scan["Node Type"], scan["Index Name"], scan["Actual Rows"]) == ("Index Scan", "ix_complaint_place", city_map.MOST_POINTS)
    filled.rollback()


COUNTED = """
SELECT large_row, large_column, complaints, rows_sum, columns_sum FROM map_count WHERE complaints <> 0
{} SELECT square / 10000000, mod(square, 1000000) / 10, count(*), sum(square / 1000000), sum(mod(square, 1000000)) FROM complaint
WHERE square IS NOT NULL AND verified_at IS NOT NULL AND NOT confidential GROUP BY 1, 2
"""
LATEST = "id IN (SELECT id FROM complaint ORDER BY id DESC LIMIT 600)"
CHANGES = (
    f"latitude = latitude + 0.006, longitude = longitude - 0.004 WHERE {LATEST} AND latitude < 3.6",
    f"latitude = NULL, longitude = NULL WHERE {LATEST} AND number LIKE '%5'",
    f"latitude = 3.58, longitude = 98.68 WHERE {LATEST} AND latitude IS NULL",
    f"confidential = NOT confidential WHERE {LATEST} AND number LIKE '%3'",
    f"verified_at = CASE WHEN verified_at IS NULL THEN now() END WHERE {LATEST} AND number LIKE '%1'",
)


def test_from_far_the_map_reads_what_is_counted_already_and_the_counts_follow_whatever_moves(filled: Session) -> None:
    far = city_map.clusters_query(squares(WHOLE, 11))
    assert {node.get("Relation Name") for node in nodes(plan(filled, far))} - {None} == {"map_count"}
    public_ones = sa.text(f"SELECT count(*) FROM complaint WHERE square IS NOT NULL AND {PUBLIC}")
    public = filled.scalar(public_ones)
    assert sum(row["count"] for row in filled.execute(far).mappings()) == public
    alike = sa.text(COUNTED.format("INTERSECT"))
    for change in CHANGES:
        before = filled.execute(alike).fetchall()
        filled.execute(sa.text(f"UPDATE complaint SET {change}"))
        assert not filled.execute(sa.text(COUNTED.format("EXCEPT"))).fetchall(), change
        assert filled.execute(alike).fetchall() != before, change
    assert sum(row.complaints for row in filled.execute(alike)) == filled.scalar(public_ones)
    filled.rollback()


def _found(words: str) -> sa.Select[Any]:
    query, keys = search.query(reporting.public_list(None, None, None), words)
    return query.order_by(*keys)


SHOWN = {name: query.order_by(*keys) for name, (query, keys) in LONG.items()} | {
    "moderated": moderation.waiting(),
    "near": duplicates.near_query("jalan_rusak", 3.58, 98.68, 2000, LAST - timedelta(days=900)),
    "on the map": city_map.map_query(WHOLE),
    "found by words": _found("lubang"),
    "asked whether it is repaired": duplicates.asked(WATCHER),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_list_is_one_statement_and_reads_no_histories(filled: Session, name: str) -> None:
    said: list[str] = []

    def told(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    filled.expunge_all()
    sa.event.listen(filled.get_bind(), "before_cursor_execute", told)
    shown = filled.scalars(SHOWN[name].limit(PAGE)).all()
    sa.event.remove(filled.get_bind(), "before_cursor_execute", told)
    assert shown and len(said) == 1, said


BROKEN = {
    "a state that nobody is in": "SELECT 1 WHERE (SELECT count(DISTINCT status) FROM complaint) <> 8",
    "a history with a gap": "SELECT complaint_id FROM complaint_history GROUP BY 1 HAVING max(position) <> count(*) OR min(position) <> 1",
    "a history that ends elsewhere": (
        "SELECT c.id FROM complaint c JOIN complaint_history h ON h.complaint_id = c.id WHERE h.status <> c.status "
        "AND h.position = (SELECT max(position) FROM complaint_history WHERE complaint_id = c.id)"
    ),
    "a history that runs backwards": (
        "SELECT 1 FROM complaint_history a JOIN complaint_history b USING (complaint_id) WHERE b.position = a.position + 1 AND b.at < a.at"
    ),
    "supporters that were not counted": (
        "SELECT id FROM complaint c WHERE support_count <> (SELECT count(*) FROM complaint_support WHERE complaint_id = c.id)"
    ),
    "a clock without its due work": "SELECT id FROM complaint WHERE deadline IS NOT NULL AND id::text NOT IN (SELECT subject FROM due)",
    "a duplicate of what is not shown": (
        "SELECT c.id FROM complaint c LEFT JOIN complaint o ON o.id = c.duplicate_of WHERE c.duplicate_of IS NOT NULL AND o.verified_at IS NULL"
    ),
    "a photo without its file": "SELECT p.id FROM complaint_photo p LEFT JOIN stored_file f ON f.id = p.file_id WHERE f.id IS NULL",
    "a number that would be given again": (
        "SELECT number FROM complaint WHERE right(number, 6)::int > (SELECT last FROM number_series WHERE period = split_part(number, '-', 2))"
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_was_loaded_has_not(filled: Session, name: str) -> None:
    assert filled.execute(sa.text(BROKEN[name])).first() is None
