"""Every list is a keyset page over an index: no sort, no scan of the table. What page 1000 costs: `test_years_of_permits.py`."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from licensing.model.application_status import Status
from licensing.model.assignment import Assignment
from licensing.model.clearance import Clearance
from licensing.model.inspection import Inspection
from licensing.model.inspection_status import InspectionStatus
from licensing.model.permit import Permit
from licensing.model.permit_application import PermitApplication
from licensing.model.permit_forwarding import ForwardingStatus, PermitForwarding
from licensing.use_cases import assignments, cases, clearances, forwarding, inspections, permit_applications, permits, work_queues
from smartcity.http import Actor
from smartcity.testing.plans import must_read_cases_along

CITIZEN = Actor("citizen-7", frozenset({"citizen"}))
OFFICER = Actor("sri", frozenset({"officer"}), office="DPMPTSP")
AUDITOR = Actor("ester", frozenset({"auditor"}))
DAMKARMAT = Actor("uli", frozenset({"officer"}), office="DAMKARMAT")
ROWS = 20_000
FILL = """
INSERT INTO permit_application (id, version, told, office, owner_sub, permit_type, applicant_name, applicant_address, site_address,
    kelurahan_code, answers, created_at, updated_at, status_since, status, number, paid_total)
SELECT lpad(to_hex(i), 32, '0')::uuid, 1, 0, CASE WHEN i % 4 = 3 THEN 'DPMPTSP' ELSE 'OTHER' END, 'citizen-' || i % 100, 'PBG', '\\x00', '\\x00',
    'Jalan', '12.71.01.1001', '{}', now(), now(), now() - i * interval '1 minute',
    (ARRAY['submitted','complete','withdrawn','rejected','returned'])[1 + i / 4 % 5], 'P-' || i, 0
FROM generate_series(1, :rows) i
"""
FILL_PERMITS = """
INSERT INTO permit (id, version, told, number, permit_type, application_id, application_no, office, owner_sub, holder_name, holder_address,
    site_address, kelurahan_code, building, legal_basis, retribution_total, verify_code, issued_at, status, valid_until)
SELECT id, 1, 0, number, 'PBG', id, number, office, owner_sub, '\\x00', '\\x00', 'Jalan', '12.71.01.1001', '{}', 'PP 16/2021', 0, number, now(), 'active', '2030-01-01'
FROM permit_application
"""
FILL_CLEARANCES = """
INSERT INTO clearance (id, version, told, application_id, code, turn, office, what, silence, days, working, legal_basis, used, since, due_on,
    escalated, document_kinds, asked_at, by_silence, reasons)
SELECT id, 1, 0, id, 'fire-safety', 1, CASE office WHEN 'OTHER' THEN 'DLH' ELSE 'DAMKARMAT' END, 'x', 'waits', 7, true, 'PP', 0, now(), '2026-12-01',
    0, '[]', created_at - told * interval '1 minute', false, '[]'
FROM permit_application
"""
FILL_ASSIGNMENTS = """
INSERT INTO assignment (id, application_id, office, step, role, since, officer_sub)
SELECT id, id, office, 'submitted', 'officer', status_since, (ARRAY['sri', 'uli', 'tono'])[1 + row_number() OVER (ORDER BY id) % 3] FROM permit_application
"""
FILL_MEASURES = """
INSERT INTO permit_measure (id, permit_id, owner_sub, kind, reason_code, text, legal_basis, ordered_by, ordered_at, status, position, ended_at)
SELECT id, id, owner_sub, 'revocation', 'other', '.', 'UU', 'kadis', now(), CASE WHEN open THEN 'announced' ELSE 'lifted' END, 1,
    CASE WHEN open THEN NULL ELSE now() END
FROM (SELECT id, owner_sub, row_number() OVER () % 50 = 0 AS open FROM permit) permit
"""
FILL_VISITS = """
INSERT INTO visit (id, application_id, position, day, invitation, scheduled_at, scheduler_sub, checklist)
SELECT id, id, 1, '2026-12-01', '.', now(), 'sri', '[]' FROM permit_application
"""
FILL_FORWARDING = """
INSERT INTO permit_forwarding (id, version, told, office, permit_no, permit_type, system, queued_at, status, attempts, settled_at)
SELECT id, 1, 0, office, number, 'PBG', 'SIMBG', issued_at - told * interval '1 minute', CASE WHEN waits THEN 'not_forwarded' ELSE 'acknowledged' END, 1,
    CASE WHEN waits THEN NULL ELSE now() END
FROM (SELECT *, row_number() OVER (ORDER BY id) % 7 = 0 AS waits FROM permit) permit
"""

FILL_INSPECTIONS = """
INSERT INTO inspection (id, version, told, number, office, kelurahan_code, opened_at, status_since, updated_at, status, site_address, checklist,
    measures, days, working, legal_basis, used, since, due_on, escalated)
SELECT id, 1, 0, number, office, '12.71.01.1001', created_at, created_at, created_at, 'opened', 'Jalan', '[]', '[]', 14, true, 'PP', 0, now(),
    '2026-12-01', 0
FROM permit_application
"""
FILL_CONCLUDED = """
UPDATE inspection SET status = 'cancelled', reason_code = 'other', ended_by = 'x', since = NULL, due_on = NULL WHERE right(number, 1) <> '7'
"""


@pytest.fixture
def filled(session: Session) -> Session:
    session.execute(sa.text(FILL), {"rows": ROWS})
    session.execute(sa.text(FILL_PERMITS))
    session.execute(sa.text(FILL_CLEARANCES))
    session.execute(sa.text(FILL_ASSIGNMENTS))
    session.execute(sa.text(FILL_MEASURES))
    session.execute(sa.text(FILL_VISITS))
    session.execute(sa.text(FILL_INSPECTIONS))
    session.execute(sa.text(FILL_CONCLUDED))
    session.execute(sa.text(FILL_FORWARDING))
    session.commit()
    session.execute(sa.text("ANALYZE"))
    return session


def plan(session: Session, query: sa.Select[Any]) -> dict[str, Any]:
    compiled = query.limit(51).compile(dialect=session.get_bind().dialect, compile_kwargs={"literal_binds": True})
    found = session.connection().exec_driver_sql("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + str(compiled).replace("%", "%%"))
    return found.scalar_one()[0]["Plan"]  # type: ignore[no-any-return]


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from nodes(below)


NEWEST = (PermitApplication.id.desc(),)
OLDEST = (PermitApplication.status_since, PermitApplication.id)
LISTS = {
    "ix_permit_application_owner_sub": (*permit_applications.listed(CITIZEN, None, mine=True), NEWEST),
    "ix_permit_application_office": (*permit_applications.listed(OFFICER, None, mine=False), NEWEST),
    "ix_permit_application_office_status": (*permit_applications.listed(OFFICER, Status.RETURNED, mine=False), NEWEST),
    "ix_permit_application_waiting": (work_queues.waiting(OFFICER, None), OLDEST),
    "ix_permit_application_waiting_status": (work_queues.waiting(OFFICER, "completeness"), OLDEST),
    "ix_assignment_mine": (assignments.mine(OFFICER, None), (Assignment.since, Assignment.id)),
    "ix_clearance_waiting": (clearances.waiting(DAMKARMAT), (Clearance.asked_at, Clearance.id)),
    "ix_inspection_office": (inspections.listed(OFFICER, None), (Inspection.id.desc(),)),
    "ix_inspection_office_status": (inspections.listed(OFFICER, InspectionStatus.OPENED), (Inspection.id.desc(),)),
    "ix_permit_forwarding_office": (forwarding.listed(OFFICER, None), (PermitForwarding.id.desc(),)),
    "ix_permit_forwarding_office_status": (forwarding.listed(OFFICER, ForwardingStatus.NOT_FORWARDED), (PermitForwarding.id.desc(),)),
    "ix_permit_forwarding_status": (forwarding.listed(AUDITOR, ForwardingStatus.REFUSED), (PermitForwarding.id.desc(),)),
    "ix_permit_owner_sub": (*permits.listed(CITIZEN, mine=True), (Permit.id.desc(),)),
    "ix_permit_office": (*permits.listed(OFFICER, mine=False), (Permit.id.desc(),)),
}


def test_every_list_reads_its_index_in_order(filled: Session) -> None:
    for index, (query, keys) in LISTS.items():
        found = list(nodes(plan(filled, query.order_by(*keys))))
        assert {node["Node Type"] for node in found} <= {"Limit", "Index Scan", "Index Only Scan"}, index
        (used,) = (node["Index Name"] for node in found if "Index Name" in node)
        # a list of a whole office is as well read along the primary key, which has the same order
        assert used == index or (used.startswith("pk_") and "_office" in index), index


def test_what_the_calendar_reads_comes_from_its_index(filled: Session) -> None:
    found = list(nodes(plan(filled, cases.ending("citizen-7"))))
    assert "ix_permit_ending" in {node.get("Index Name") for node in found} and "Seq Scan" not in {node["Node Type"] for node in found}


MINE = [
    "ix_permit_application_owner_sub",
    *["ix_permit_application_owner_status"] * 2,
    "ix_permit_renewal_due",
    "ix_permit_measure_owner_sub",
]


def test_each_kind_of_me_cases_is_read_along_its_index_the_last_page_like_the_first(filled: Session) -> None:
    filled.execute(sa.text("UPDATE permit_measure SET owner_sub = 'citizen-7' WHERE status = 'announced'"))
    filled.execute(sa.text("UPDATE permit SET reminded_at = now() WHERE left(number, 3) < 'P-6'"))
    filled.execute(sa.text("UPDATE permit_application SET status = 'in_examination' WHERE status = 'complete' AND number < 'P-5'"))
    filled.commit()
    filled.execute(sa.text("ANALYZE"))
    must_read_cases_along(filled, cases.MY_CASES, "citizen-7", MINE)


def test_the_age_of_what_was_not_forwarded_is_read_at_the_end_of_its_index(filled: Session) -> None:
    found = list(nodes(plan(filled, forwarding.oldest())))
    assert "ix_permit_forwarding_waiting" in {node.get("Index Name") for node in found}
    assert max(node["Actual Rows"] for node in found) == 1


MANY = Actor("citizen-7", frozenset({"citizen"}), companies=frozenset({"citizen-11", "citizen-19"}))


def test_each_company_s_cases_are_read_along_their_index_whoever_asks_for_how_many(filled: Session) -> None:
    filled.execute(sa.text("SET LOCAL enable_bitmapscan = off"))  # so few rows an owner may as well be sorted
    lists = {
        "ix_permit_application_owner_sub": permit_applications.listed(MANY, None, mine=True),
        "ix_permit_application_owner_status": permit_applications.listed(MANY, Status.RETURNED, mine=True),
        "ix_permit_owner_sub": permits.listed(MANY, mine=True),
    }
    for index, queries in lists.items():
        key = Permit.id.desc() if index.startswith("ix_permit_owner") else PermitApplication.id.desc()
        assert len(queries) == 3
        for query in queries:
            found = list(nodes(plan(filled, query.order_by(key))))
            assert {node["Node Type"] for node in found} <= {"Limit", "Index Scan"}, index
            assert [node["Index Name"] for node in found if "Index Name" in node] == [index]


@pytest.mark.parametrize(("kind", "index"), [(PermitApplication, "ix_permit_application_owner_status"), (Permit, "ix_permit_owner_status")])
def test_a_summary_is_counted_along_its_index(filled: Session, kind: Any, index: str) -> None:
    for other in ("bitmapscan", "hashagg", "seqscan", "sort"):  # of so few rows any way is cheap; what is left must have the order
        filled.execute(sa.text(f"SET LOCAL enable_{other} = off"))
    found = list(nodes(plan(filled, permit_applications.by_status(kind, ["company-7"]))))
    assert index in {node.get("Index Name") for node in found} and "Sort" not in {node["Node Type"] for node in found}
