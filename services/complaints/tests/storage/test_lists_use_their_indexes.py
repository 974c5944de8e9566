"""Every list is a keyset page over an index; the map has its own."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from complaints.model.complaint import Complaint
from complaints.model.complaint_status import TRANSITIONS, Status
from complaints.model.routing_rule import RoutingRule
from complaints.rules.map_grid import squares
from complaints.use_cases import city_map, handling, moderation, open311, reporting, routing, search
from smartcity.http import Actor
from smartcity.testing.plans import must_read_cases_along

ROWS = 20_000
COORDINATOR = Actor("citra", frozenset({"coordinator"}), office="DISKOMINFO")
OFFICER = Actor("ramli", frozenset({"officer"}), office="SDABMBK")
FILL = """
INSERT INTO complaint (id, version, told, number, owner_sub, recorded_by, channel, category, title, text, kelurahan_code, address,
    follow_up_index, anonymous, confidential, received_at, updated_at, status_since, answer_by, status, escalation, clock, deadline, office,
    verified_at, close_cause, latitude, longitude, returns, reopenings, support_count)
SELECT lpad(to_hex(i), 32, '0')::uuid, 1, 0, 'N' || i, 'citizen-' || i % 100, 's', 'web', 'c-' || i % 60, 't', 't', '12.71.01.' || i % 150, 'a',
    decode(lpad(to_hex(i), 8, '0'), 'hex'), false, i % 10 = 0, now(), now(), now(), now(),
    CASE WHEN i % 97 = 1 THEN 'archived' ELSE (ARRAY['closed','received','disposed','in_progress'])[1 + (i / 3 % 16 + 15) / 16 * (i % 4)] END, 'none',
    'answer', now() + i * interval '1 minute', 'OFFICE-' || i % 20, CASE WHEN i % 3 > 0 THEN now() END, NULL,
    3.5 + (i % 1000) / 5000.0, 98.6 + (i / 1000) / 100.0, 0, 0, 0
FROM generate_series(1, :rows) i
"""
LINES = """
INSERT INTO complaint_history (id, complaint_id, position, event, status, at, audience)
SELECT id, id, 1, 'received', 'received', received_at, 'everybody' FROM complaint
"""


@pytest.fixture
def filled(session: Session) -> Session:
    session.execute(sa.text("ALTER TABLE complaint DROP CONSTRAINT ck_complaint_closed_for_a_cause"))
    session.execute(sa.text(FILL), {"rows": ROWS})
    session.execute(sa.text("UPDATE complaint SET unread_photos = 1 WHERE number LIKE '%7'"))
    session.execute(sa.text("UPDATE complaint SET assignee_sub = 'officer-' || right(office, 1)"))
    session.execute(sa.text("UPDATE complaint SET doubts = 1 WHERE number LIKE '%31'"))
    session.execute(sa.text("INSERT INTO routing_rule SELECT id, 1, 0, category, 'X', 's', current_date, now() FROM complaint"))
    session.commit()
    session.execute(sa.text("ANALYZE"))
    return session


def plan(session: Session, query: sa.Select[Any]) -> dict[str, Any]:
    compiled = query.compile(dialect=session.get_bind().dialect, compile_kwargs={"literal_binds": True})
    found = session.connection().exec_driver_sql("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + str(compiled).replace("%", "%%"))
    return found.scalar_one()[0]["Plan"]  # type: ignore[no-any-return]


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from nodes(below)


NEWEST = (Complaint.id.desc(),)
URGENT = (Complaint.deadline, Complaint.id)
LISTS = {
    "ix_complaint_owner_sub": (reporting.own_list("citizen-7"), NEWEST),
    "ix_complaint_public": (reporting.public_list(None, None, None), NEWEST),
    "ix_complaint_public_category": (reporting.public_list("c-7", None, None), NEWEST),
    "ix_complaint_public_status": (reporting.public_list(None, None, Status.ARCHIVED), NEWEST),
    "ix_complaint_public_kelurahan": (reporting.public_list(None, "12.71.01.7", None), NEWEST),
    "ix_complaint_public_kelurahan_category": (reporting.public_list("c-7", "12.71.01.7", None), NEWEST),
    "ix_complaint_moderation": (moderation.waiting(), (Complaint.id,)),
    "ix_complaint_waiting": (handling.waiting(COORDINATOR), URGENT),
    "ix_complaint_office": (handling.waiting(Actor("r", frozenset({"officer"}), office="OFFICE-7")), URGENT),
    "ix_complaint_assignee": (handling.assigned(Actor("officer-7", frozenset({"officer"}), office="OFFICE-7")), URGENT),
    "ix_routing_rule_category": (routing.listed("c-7"), (RoutingRule.id.desc(),)),
}


def test_every_list_reads_its_index_in_order(filled: Session) -> None:
    for index, (query, keys) in LISTS.items():
        found = list(nodes(plan(filled, query.order_by(*keys).limit(51))))
        assert {node["Node Type"] for node in found} <= {"Limit", "Index Scan", "Index Only Scan"}, index
        assert {node["Index Name"] for node in found if "Index Name" in node} == {index}


MINE = ["ix_complaint_owner_sub", "pk_complaint_follower"]
FOLLOWED = "INSERT INTO complaint_follower (sub, complaint_id, at) SELECT 'citizen-' || f, id, now() FROM complaint, generate_series(1, 7) f WHERE number LIKE '%9'"


def test_each_kind_of_me_cases_is_read_along_its_index_the_last_page_like_the_first(filled: Session) -> None:
    filled.execute(sa.text("ALTER TABLE complaint DISABLE TRIGGER USER"))
    filled.execute(
        sa.text(
            "UPDATE complaint SET status = 'answered', clock = 'consent', verified_at = now(), confidential = false WHERE number LIKE '%9'"
        )
    )
    filled.execute(sa.text(FOLLOWED))
    filled.commit()
    filled.execute(sa.text("ANALYZE"))
    must_read_cases_along(filled, reporting.MY_CASES, "citizen-7", MINE)


def test_the_map_reads_its_own_index(filled: Session) -> None:
    found = list(nodes(plan(filled, city_map.map_query((98.65, 3.55, 98.651, 3.551)))))
    assert "ix_complaint_place" in {node.get("Index Name") for node in found}


def test_clusters_are_counted_in_the_index_of_the_squares(filled: Session) -> None:
    found = list(nodes(plan(filled, city_map.clusters_query(squares((98.65, 3.55, 98.69, 3.56), 15)))))
    assert "ix_complaint_square" in {node.get("Index Name") for node in found}


def test_another_citys_application_reads_a_stretch_of_time_along_its_index(filled: Session) -> None:
    filled.execute(sa.text("ALTER TABLE complaint DISABLE TRIGGER USER"))
    filled.execute(sa.text("UPDATE complaint SET received_at = now() - (random() * 1000) * interval '1 day'"))
    filled.execute(sa.text(LINES))
    filled.commit()
    filled.execute(sa.text("ANALYZE"))
    during = open311.window(None, None, datetime.now(UTC))
    read = {
        "ix_complaint_public_received": open311.requests_query(None, None, during),
        "ix_complaint_public_category_received": open311.requests_query("c-7", None, during),
        "ix_complaint_history_at": open311.updates_query(during),
    }
    for index, query in read.items():
        found = list(nodes(plan(filled, query.limit(51))))
        assert index in {node.get("Index Name") for node in found} and "Seq Scan" not in {node["Node Type"] for node in found}, index


def test_a_rare_word_is_found_in_the_index_of_words_and_a_common_one_costs_no_more_than_the_newest_hits(filled: Session) -> None:
    filled.execute(sa.text("UPDATE complaint SET title = CASE WHEN number LIKE '%77' THEN 'Jembatan' ELSE 'Jalan berlubang' END"))
    filled.commit()
    filled.execute(sa.text("SELECT gin_clean_pending_list('ix_complaint_words')"))
    filled.execute(sa.text("ANALYZE complaint"))
    for words, most in (("jembatan", 1000), ("lubang", 1500)):
        wanted, keys = search.query(reporting.public_list(None, None, None), words)
        found = plan(filled, wanted.order_by(*keys).limit(51))
        indexes = {node.get("Index Name") for node in nodes(found)}
        assert not any(node["Node Type"] == "Seq Scan" for node in nodes(found)), words
        assert ("ix_complaint_words" in indexes) is (words == "jembatan"), indexes
        assert found["Shared Hit Blocks"] + found["Shared Read Blocks"] < most, (words, found)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("status = 'disposed'", "in_office"),
        ("status = 'answered', office = 'X'", "way"),
        ("status = 'lost'", "way"),
        ("close_cause = 'accepted'", "closed_for_a_cause"),
        ("deadline = NULL", "clock_has_its_end"),
        ("rating = 6", "rating"),
        ("latitude = NULL", "point"),
    ],
)
def test_the_database_holds_the_rules_too(street: Any, session: Session, change: str, name: str) -> None:
    street.file()
    with pytest.raises(IntegrityError) as refused:
        session.execute(sa.text(f"UPDATE complaint SET {change}"))
    assert name in str(refused.value.orig.diag.constraint_name)  # type: ignore[union-attr]
    session.rollback()


def test_the_database_knows_the_ways_of_the_model_and_no_other(street: Any, session: Session) -> None:
    street.file()
    session.execute(
        sa.text("ALTER TABLE complaint DROP CONSTRAINT ck_complaint_in_office, DROP CONSTRAINT ck_complaint_closed_for_a_cause")
    )
    for start in Status:
        for end in Status:
            with session.begin_nested() as tried:
                session.execute(sa.text("ALTER TABLE complaint DISABLE TRIGGER one_of_the_ways"))
                session.execute(sa.text("UPDATE complaint SET status = :start"), {"start": start})
                session.execute(sa.text("ALTER TABLE complaint ENABLE TRIGGER one_of_the_ways"))
                try:
                    with session.begin_nested():
                        session.execute(sa.text("UPDATE complaint SET status = :end"), {"end": end})
                    gone = True
                except IntegrityError:
                    gone = False
                assert gone is (end is start or end in TRANSITIONS[start]), (start, end)
                tried.rollback()
    session.rollback()


@pytest.mark.parametrize("statement", ["UPDATE {} SET event = 'x'", "UPDATE {} SET actor_sub = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_no_step_of_the_history_is_changed_or_taken_away(street: Any, session: Session, statement: str) -> None:
    street.file()
    with pytest.raises(IntegrityError, match="append-only"):
        session.execute(sa.text(statement.format("complaint_history")))
    session.rollback()
    session.execute(sa.text("UPDATE complaint_history SET note = NULL"))  # its words may be erased
