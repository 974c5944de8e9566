"""After years of permits: page 1000 costs what page 1 did, a map reads its squares, figures read their months."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.loaders.drawing import years
from benchmarks.loaders.licensing import COMPANY, load
from licensing.model.application_status import Status
from licensing.model.permit import Permit
from licensing.model.permit_application import PermitApplication
from licensing.use_cases import assignments, clocks, permit_applications, permit_statistics, permits, published_permits, work_queues
from smartcity.http import Actor
from smartcity.outages import Outage
from smartcity.testing.plans import buffers, first_and_far, nodes, plan

COMPANY_S = Actor(COMPANY, frozenset({"citizen"}))
OFFICER = Actor("sri", frozenset({"officer"}), office="DPMPTSP")
AUDITOR = Actor("auditor", frozenset({"auditor"}))
ROWS, PAGE, FAR = 24_000, 20, 1000
CITY, STREET = (98.0, 3.0, 99.0, 4.0), (98.671, 3.581, 98.681, 3.589)


@pytest.fixture(scope="module")
def filled(postgres_server: str, template: str) -> Iterator[Session]:
    """Years of permits, by the loader of the benchmarks."""
    with years(postgres_server, template, load, ROWS) as session:
        yield session


NEWEST, NEWEST_PERMIT = (PermitApplication.id.desc(),), (Permit.id.desc(),)
OLDEST, BY_SQUARE = (PermitApplication.status_since, PermitApplication.id), (Permit.cell, Permit.id)
PBG = published_permits.published("PBG")
APPLICATIONS = permit_applications.listed(OFFICER, None, mine=False)[0]
LISTS: dict[str, tuple[str, sa.Select[Any], tuple[Any, ...]]] = {
    "mine": ("ix_permit_application_owner_sub", permit_applications.listed(COMPANY_S, None, mine=True)[0], NEWEST),
    "mine of a state": ("ix_permit_application_owner_status", permit_applications.listed(COMPANY_S, Status.ISSUED, mine=True)[0], NEWEST),
    "of all offices of a state": (
        "ix_permit_application_status",
        permit_applications.listed(AUDITOR, Status.RETURNED, mine=False)[0],
        NEWEST,
    ),
    "waiting for a step": ("ix_permit_application_waiting_status", work_queues.waiting(OFFICER, "examination"), OLDEST),
    "published of no kind in use": ("ix_permit_permit_type", published_permits.published("IMB"), NEWEST_PERMIT),
    "map of the city": ("ix_permit_cell", published_permits.inside(PBG, CITY), BY_SQUARE),
}
LONG: dict[str, tuple[sa.Select[Any], tuple[Any, ...]]] = {
    "mine": (LISTS["mine"][1], NEWEST),
    "of the office": (APPLICATIONS, NEWEST),
    "permits of the office": (permits.listed(OFFICER, mine=False)[0], NEWEST_PERMIT),
    "published": (PBG, NEWEST_PERMIT),
    "map of the city": (LISTS["map of the city"][1], BY_SQUARE),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_a_part_reads_the_index_of_that_part_in_order(filled: Session, name: str) -> None:
    index, query, keys = LISTS[name]
    found = list(nodes(plan(filled, query.order_by(*keys).limit(PAGE + 1))))
    assert {node["Node Type"] for node in found} <= {"Limit", "Index Scan", "Index Only Scan"}
    assert [node["Index Name"] for node in found if "Index Name" in node] == [index]


@pytest.mark.parametrize("name", LONG)
def test_page_1000_reads_what_page_1_does(filled: Session, name: str) -> None:
    """Or the last page of a list that is shorter."""
    query, keys = LONG[name]
    first, page_1000 = map(buffers, first_and_far(filled, query, keys, PAGE, FAR, rising=keys is BY_SQUARE))
    assert page_1000 <= 1.2 * first + 2  # a far page may begin in the middle of a block, of the index and of the table


def test_a_box_of_the_map_reads_its_squares_alone(filled: Session) -> None:
    found = plan(filled, published_permits.inside(PBG, STREET).order_by(*BY_SQUARE).limit(PAGE + 1))
    assert {node["Index Name"] for node in nodes(found) if "Index Name" in node} == {"ix_permit_cell"}
    assert buffers(found) < 100


def test_figures_read_the_index_of_their_months_and_not_the_table(filled: Session) -> None:
    first, last = permit_statistics.months(date(2026, 8, 1), date(2026, 8, 1), datetime(2026, 10, 1, tzinfo=UTC))
    found = list(nodes(plan(filled, permit_statistics.asked(first, last))))
    (scan,) = (node for node in found if "Index Name" in node)
    assert (scan["Node Type"], scan["Index Name"]) == ("Index Only Scan", "ix_permit_issued_at")
    counted = permit_statistics.figures(filled, first, last)
    assert scan["Actual Rows"] == sum(row["permits"] for row in counted) < ROWS / 20


def test_the_late_steps_are_counted_over_their_index(filled: Session) -> None:
    assert clocks.late_steps(filled, datetime(2026, 10, 31, tzinfo=UTC)) > 0
    late = sa.select(sa.func.count()).select_from(sa.table("step_clock")).where(sa.text("since IS NOT NULL AND due_on < '2025-01-01'"))
    assert "ix_step_clock_running" in {node.get("Index Name") for node in nodes(plan(filled, late))}


def test_the_load_of_each_officer_is_counted_over_an_index_of_what_is_open(filled: Session) -> None:
    found = list(nodes(plan(filled, assignments.loads("DPMPTSP"))))
    (scan,) = (node for node in found if "Index Name" in node)
    assert scan["Index Name"] in ("ix_assignment_mine", "ix_assignment_open")
    in_hand = filled.scalar(sa.text("SELECT count(*) FROM step_clock"))
    assert scan["Actual Rows"] == in_hand and in_hand < ROWS / 30


def test_an_outage_is_given_back_case_by_case_along_the_clocks_that_run(filled: Session) -> None:
    filled.execute(sa.text("SET LOCAL enable_seqscan = off"))  # there are few clocks here, and all of them run
    asked = clocks.counting(Outage(began=datetime(2026, 10, 30, tzinfo=UTC), ended=datetime(2026, 10, 31, tzinfo=UTC)), clocks.FIRST)
    found = list(nodes(plan(filled, asked)))
    assert {"ix_step_clock_case", "ix_clearance_case"} <= {node.get("Index Name") for node in found}
    assert buffers(plan(filled, asked)) < 3 * clocks.PORTION
