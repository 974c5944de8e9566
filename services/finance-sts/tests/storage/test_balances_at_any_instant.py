"""The balance of any account at any instant: right to the rupiah, and as quick with a year of entries as with a week."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from finance_sts.model.cash_day import CashDay
from finance_sts.model.ledger import post
from finance_sts.model.ledger_queries import sums, sums_query
from finance_sts.use_cases.day_seals import seal_day
from smartcity.testing.plans import buffers, nodes, plan

FIRST = datetime(2026, 1, 1, 3, tzinfo=UTC)
OFFICES = ("DISHUB", "DPMPTSP")
FILL = (
    """INSERT INTO ledger_entry (id, at, day, office, cause, total)
    SELECT lpad(to_hex(i), 32, '0')::uuid, timestamptz '2026-01-01 03:00Z' + i / 40 * interval '1 day', date '2026-01-01' + i / 40,
    CASE WHEN i % 4 = 3 THEN 'DPMPTSP' ELSE 'DISHUB' END, 'c' || i, 5 FROM generate_series(0, :days * 40 - 1) i""",
    """INSERT INTO ledger_line (entry_id, line, account_code, debit, credit)
    SELECT e.id, n, '4.1.' || (n - 1) * (1 + ascii(right(e.cause, 1)) % 4), 5 * (2 - n), 5 * (n - 1) FROM ledger_entry e, generate_series(1, 2) n""",
)


def closed(session: Session, office: str, day: date, now: datetime) -> None:
    row = CashDay(office=office, day=day, closed_by="ppk", closed_at=now, received=0, deposited=0)
    session.add(row)
    session.flush()
    seal_day(session, str(row.id), now)


def summed(session: Session, office: str | None, at: datetime) -> list[tuple[str, int, int]]:
    """Line by line, without anything kept."""
    query = sa.text(
        "SELECT account_code, sum(debit)::bigint, sum(credit)::bigint FROM ledger_line JOIN ledger_entry e ON e.id = entry_id "
        "WHERE e.at <= :at AND (CAST(:office AS text) IS NULL OR e.office = :office) GROUP BY 1 ORDER BY 1"
    )
    return [tuple(row) for row in session.execute(query, {"at": at, "office": office})]  # type: ignore[misc]


BOOKING = st.tuples(st.sampled_from(OFFICES), st.integers(0, 9), st.integers(0, 20), st.integers(1, 10**12), st.integers(1, 3))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(BOOKING, max_size=12), st.sets(st.tuples(st.sampled_from(OFFICES), st.integers(0, 9))), st.integers(-30, 250))
def test_it_is_the_sum_of_every_line_until_then(
    session: Session, bookings: list[tuple[str, int, int, int, int]], closings: set[tuple[str, int]], hours: int
) -> None:
    for number, (office, day, hour, amount, account) in enumerate(bookings):
        at = FIRST + timedelta(days=day, hours=hour - 3)
        booked_on = date(2026, 1, 1) + timedelta(days=day + (hour > 10))  # as after a closing in the evening
        post(session, (f"test:{number}", office, booked_on, at), [(f"1.{account}", amount)], [("4.1", amount)])
    session.flush()
    for office, day in sorted(closings):
        closed(session, office, date(2026, 1, 1) + timedelta(days=day), FIRST)
    at = FIRST + timedelta(hours=hours)
    for asked in (None, *OFFICES, "NOBODY"):
        assert sums(session, asked, at) == summed(session, asked, at)
    session.rollback()


@pytest.fixture
def year(session: Session) -> Session:
    """Every day of a year but its last week is sealed."""
    session.execute(sa.text("SET LOCAL session_replication_role = replica"))
    for statement in FILL:
        session.execute(sa.text(statement), {"days": 365})
    for office in OFFICES:
        for day in range(365 - 7):
            closed(session, office, date(2026, 1, 1) + timedelta(days=day), FIRST)
    session.commit()
    session.execute(sa.text("ANALYZE"))
    return session


@pytest.mark.parametrize("office", [None, "DPMPTSP"])
def test_a_year_of_entries_costs_what_a_week_does(year: Session, office: str | None) -> None:
    costs = []
    for days in (10, 180, 355):
        at = FIRST + timedelta(days=days)
        found = plan(year, sums_query(office, at))
        assert "Seq Scan" not in {node["Node Type"] for node in nodes(found) if node.get("Relation Name", "").startswith("ledger")}
        assert sums(year, office, at) == summed(year, office, at)
        costs.append(buffers(found))
    assert max(costs) <= 1.2 * min(costs) + 20, costs
    assert buffers(plan(year, sums_query(office, FIRST + timedelta(days=400)))) < 40 * 7 * 8
