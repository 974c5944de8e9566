"""A report reads the days it is about, not the years before them."""

from datetime import date, timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.use_cases import arrears, daily_position, monthly_reports, revenue
from finance_sts.use_cases.cash_in_hand import undeposited
from smartcity.testing.plans import buffers, nodes, plan

DAYS, A_DAY = 1000, 40
ROWS = DAYS * A_DAY
TODAY = date(2026, 5, 20)
ID = "lpad(to_hex(i), 32, '0')::uuid"
DAY = f"DATE '{TODAY}' - ({ROWS} - i) / {A_DAY}"
FILL = (
    f"""INSERT INTO bill (id, version, told, number, office, owner_sub, payer_name, payer_address, ref_service, ref_kind, ref_id, total, due_on,
    issued_at, virtual_account_no, qris_payload, verify_code, paid_total, status)
    SELECT {ID}, 1, 0, 'B' || i, 'DPMPTSP', 'o' || i % 1000, '\\x00', '\\x00', 's', 'k', {ID}, 5, {DAY}, {DAY}, 'V' || i, 'Q', 'C', CASE i % 50 WHEN 0 THEN 0 ELSE 5 END,
    CASE i % 50 WHEN 0 THEN 'issued' ELSE 'paid' END FROM generate_series(1, :rows) i""",
    f"""INSERT INTO deposit_slip (id, version, told, office, day, total, treasurer_sub, made_at, status, late, number)
    SELECT {ID}, 1, 0, 'DPMPTSP', {DAY}, 5, 't', now(), CASE WHEN i > :rows - 5 THEN 'draft' ELSE 'validated' END, false, 'S' || i
    FROM generate_series(1, :rows) i""",
    f"""INSERT INTO payment (id, version, told, bill_id, owner_sub, office, bank, bank_reference, amount, channel, paid_at, day, recorded_by,
    receipt_no, verify_code, status, slip_id)
    SELECT {ID}, 1, 0, {ID}, 'o', 'DPMPTSP', 'b', 'r' || i, 5, 'virtual_account', now(), {DAY}, 'b', 'R' || i, 'C', 'usable',
    CASE WHEN i > :rows - 5 THEN NULL ELSE {ID} END FROM generate_series(1, :rows) i""",
    f"""INSERT INTO ledger_entry (id, at, day, office, cause, total, channel) SELECT {ID}, now(), {DAY}, 'DPMPTSP', 'c' || i, 5, 'qris'
    FROM generate_series(1, :rows) i""",
    f"""INSERT INTO ledger_line (entry_id, line, account_code, debit, credit)
    SELECT {ID}, side, (ARRAY['1.1.01.02.01.0001', '4.1.02.03.01.0001'])[side], CASE side WHEN 1 THEN 5 ELSE 0 END, CASE side WHEN 1 THEN 0 ELSE 5 END
    FROM generate_series(1, :rows) i, generate_series(1, 2) side""",
)


@pytest.fixture
def filled(session: Session) -> Session:
    session.execute(sa.text("SET LOCAL session_replication_role = replica"))
    for statement in FILL:
        session.execute(sa.text(statement), {"rows": ROWS})
    session.commit()
    session.execute(sa.text("ANALYZE"))
    return session


def test_a_month_of_revenue_finds_its_entries_by_office_and_day(filled: Session) -> None:
    month = (date(2026, 4, 20), date(2026, 5, 19))
    for key, office in product(revenue.KEYS.values(), (None, "DPMPTSP")):
        found = list(nodes(plan(filled, revenue.asked([key], month, office))))
        assert "ix_ledger_entry_books" in {node.get("Index Name") for node in found}
        assert not any(node["Node Type"] == "Seq Scan" and node["Relation Name"] == "ledger_entry" for node in found)
    assert sum(line["revenue"] for line in revenue.by(filled, "day", month, None)) == 30 * A_DAY * 5


def test_who_booked_in_a_month_is_asked_of_each_office_and_the_first_day_too(filled: Session) -> None:
    for query in (monthly_reports.booked_in(date(2026, 4, 1)), monthly_reports.first_booked()):
        found = plan(filled, query)
        assert not any(node["Node Type"] == "Seq Scan" for node in nodes(found)) and buffers(found) < 50
    assert list(filled.scalars(monthly_reports.booked_in(date(2026, 4, 1)))) == ["DPMPTSP"]
    assert list(filled.scalars(monthly_reports.booked_in(date(2020, 4, 1)))) == []
    assert filled.scalar(monthly_reports.first_booked()) == TODAY - timedelta(days=DAYS - 1)


def test_a_day_reads_its_own_lines_and_costs_the_same_however_many_years_went_before(filled: Session) -> None:
    old, new = (revenue.asked([revenue.KEYS["account"]], (day, day), None) for day in (date(2024, 6, 1), date(2026, 5, 19)))
    found = plan(filled, new)
    assert not any(node["Node Type"] == "Seq Scan" for node in nodes(found))
    assert buffers(found) <= 1.2 * buffers(plan(filled, old))


def test_arrears_read_the_open_bills_alone(filled: Session) -> None:
    for office in (None, "DPMPTSP"):
        found = list(nodes(plan(filled, arrears.asked(TODAY, office))))
        assert {node.get("Index Name") for node in found} & {"ix_bill_due_on", "uq_bill_open"}, office
        assert not any(node["Node Type"] == "Seq Scan" for node in found)


def test_the_position_of_a_day_reads_that_day_and_what_is_in_hand(filled: Session) -> None:
    asked = {
        "ix_bill_issued_at": daily_position.billed(TODAY), "ix_payment_day": daily_position.received(TODAY),
        "ix_deposit_slip_day": daily_position.slips(TODAY), "ix_payment_slip_id": undeposited(None),
        "ix_deposit_slip_draft": undeposited(None),
    }  # fmt: skip
    for index, query in asked.items():
        found = list(nodes(plan(filled, query)))
        assert index in {node.get("Index Name") for node in found}, index
        assert not any(node["Node Type"] == "Seq Scan" for node in found), index
