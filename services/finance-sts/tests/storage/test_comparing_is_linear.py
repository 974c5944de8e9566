"""Comparing a statement with the books: sets joined by hash, never each line with each payment; ten times as many read ten times as much."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model import reconciliation_queries as queries
from finance_sts.model.bank_statement import BankLine, BankStatement
from finance_sts.model.reconciliation import Finding, FindingStep, Outcome, Reconciliation, ReconciliationStatus
from finance_sts.use_cases.listings import visible
from finance_sts.use_cases.reconciliations import compare, days_told, findings, steps
from smartcity.http import Actor
from smartcity.testing.plans import buffers, nodes, plan

STATEMENT, DAY = UUID(int=1), date(2026, 2, 12)
NOW = datetime(2026, 2, 13, 1, tzinfo=UTC)
ID = "lpad(to_hex(i), 32, '0')::uuid"
HEAD = Actor("h", frozenset({"head"}), "BKAD")
TREASURER = Actor("t", frozenset({"treasurer"}), "DPMPTSP")
FILL = (
    f"""INSERT INTO bill (id, version, told, number, office, owner_sub, payer_name, payer_address, ref_service, ref_kind, ref_id, total, due_on,
    issued_at, virtual_account_no, qris_payload, verify_code, paid_total, status)
    SELECT {ID}, 1, 0, 'SKRD/' || i, 'DPMPTSP', 'x', '\\x00', '\\x00', 's', 'k', {ID}, 100 + i, current_date, now(), (127100000000000000 + i)::text,
    'Q', 'C', 100 + i, 'paid' FROM generate_series(1, :rows) i""",
    f"""INSERT INTO payment (id, version, told, bill_id, owner_sub, office, bank, bank_reference, amount, channel, paid_at, day, recorded_by,
    receipt_no, verify_code, status)
    SELECT {ID}, 1, 0, {ID}, 'x', 'DPMPTSP', 'BANK-DEMO', 'req-' || i, 100 + i, 'virtual_account', '2026-02-12T03:00Z', '2026-02-12'::date - i / :a_day, 'b', 'R' || i,
    'C', 'usable' FROM generate_series(1, :rows) i""",
    """INSERT INTO bank_statement (id, version, told, account, statement_id, format, opening, closing, opened_on, closed_on, line_count, sha256, loaded_at,
    loaded_by) VALUES ('00000000-0000-0000-0000-000000000001', 1, 0, '1270100000002', '1', 'csv', 0, 0, '2026-02-12', '2026-02-12', :rows, '', now(), 'b')""",
    """INSERT INTO bank_line SELECT '00000000-0000-0000-0000-000000000001', i, '2026-02-12', '2026-02-12', 100 + i, 'VA',
    CASE i % 2 WHEN 0 THEN ARRAY['REQ-' || i, 'B-' || i] ELSE ARRAY['B-' || i, (127100000000000000 + i)::text] END, '\\x00'
    FROM generate_series(1, :rows) i""",
)


def filled(session: Session, rows: int, a_day: int = 10**6) -> None:
    """So many payments, `a_day` on each day, and a statement that has a line for each."""
    for statement in FILL:
        session.execute(sa.text(statement), {"rows": rows, "a_day": a_day} if ":a_day" in statement else {"rows": rows})
    session.execute(sa.text("ANALYZE"))


def examined(session: Session, rows: int) -> tuple[int, set[str]]:
    """How many rows the pairing of `rows` lines with as many payments looks at, and by which joins."""
    filled(session, rows)
    about = {"statement": STATEMENT, "account": "1270100000002", "bank": "BANK-DEMO", "office": "DPMPTSP"}
    queries.gather(session, "receipts", {**about, **days_told(session, session.get_one(BankStatement, STATEMENT))})
    found = list(nodes(plan(session, sa.text(queries.MATCHED))))
    assert session.scalar(sa.text("SELECT count(*) FROM run_pair")) == rows
    session.rollback()
    joins = {node["Node Type"] for node in found if "Join" in node["Node Type"] or node["Node Type"] == "Nested Loop"}
    looked = ("Actual Rows", "Rows Removed by Join Filter", "Rows Removed by Filter")
    return sum(int(node.get(name, 0) * node["Actual Loops"]) for node in found for name in looked), joins


def test_ten_times_the_lines_are_looked_at_ten_times_as_much_and_joined_by_sets(session: Session) -> None:
    few, _ = examined(session, 2_000)
    many, joins = examined(session, 20_000)
    assert many <= 12 * few
    assert joins & {"Hash Join", "Merge Join"}


def test_the_books_of_a_few_days_are_found_among_those_of_years_by_their_indexes(session: Session) -> None:
    filled(session, 20_000, a_day=10)
    session.execute(sa.text(
        f"INSERT INTO deposit_slip (id, version, told, office, day, total, treasurer_sub, made_at, status, late, number, deposited_at) "
        f"SELECT {ID}, 1, 0, 'DPMPTSP', '2026-02-12'::date - i, 5, 't', now(), 'deposited', false, 'STS/' || i, '2026-02-12T03:00Z'::timestamptz - i * interval '1 day' "
        f"FROM generate_series(1, 5000) i"
    ))  # fmt: skip
    session.execute(sa.text("ANALYZE"))
    about = {"bank": "BANK-DEMO", "office": "DPMPTSP", **days_told(session, session.get_one(BankStatement, STATEMENT))}
    for holds, index in {"receipts": {"ix_payment_day", "ix_deposit_slip_deposited_at"}, "city": {"ix_deposit_slip_deposited_at"}}.items():
        used = {
            node.get("Index Name")
            for node in nodes(plan(session, sa.text(queries.BOOKS[holds]).bindparams(**_used(queries.BOOKS[holds], about))))
        }
        assert index <= used, used


def _used(text: str, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if f":{name}" in text}


def test_every_list_of_statements_and_reconciliations_reads_its_index_in_order(session: Session) -> None:
    filled(session, 5_000)
    compare(session, str(STATEMENT), NOW)
    session.execute(sa.text(
        f"INSERT INTO reconciliation (id, version, told, office, day, status, resolved) SELECT {ID}, 1, 0, "
        "CASE WHEN i % 4 = 3 THEN 'DPMPTSP' ELSE 'OTHER' END, '2020-01-01'::date + i, 'open', 0 FROM generate_series(1, 2000) i"
    ))  # fmt: skip
    session.execute(sa.text("UPDATE reconciliation_finding SET outcome = 'amount_differs', open = true WHERE id % 10 = 0"))
    day = session.scalars(sa.select(Reconciliation).order_by(Reconciliation.id.desc()).limit(1)).one()
    session.execute(sa.text("ANALYZE"))
    lines = sa.select(BankLine).where(BankLine.statement_id == STATEMENT).order_by(BankLine.line)
    lists = {
        "pk_bank_line": lines,
        "pk_bank_statement": sa.select(BankStatement).order_by(BankStatement.id.desc()),
        "ix_reconciliation_office": visible(Reconciliation, TREASURER).order_by(Reconciliation.id.desc()),
        "ix_reconciliation_office_status": visible(Reconciliation, TREASURER, ReconciliationStatus.RECONCILED).order_by(
            Reconciliation.id.desc()
        ),
        "ix_reconciliation_status": visible(Reconciliation, HEAD, ReconciliationStatus.RECONCILED).order_by(Reconciliation.id.desc()),
        "uq_reconciliation_day_office": visible(Reconciliation, HEAD).where(Reconciliation.day == DAY),
        "ix_finding_reconciliation": findings(day, None, open_only=False).order_by(Finding.id),
        "ix_finding_outcome": findings(day, Outcome.BOOK_ONLY, open_only=False).order_by(Finding.id),
        "ix_finding_open": findings(day, None, open_only=True).order_by(Finding.id),
        "ix_finding_step_finding_id": steps(day, 7).order_by(FindingStep.id),
    }
    session.execute(sa.text("SET LOCAL enable_seqscan = off"))  # a table of one row is read as quickly without its index
    for index, query in lists.items():
        found = list(nodes(plan(session, query.limit(51))))
        used = {node["Index Name"] for node in found if "Index Name" in node}
        # a list of a whole office is as well read along the primary key, or the index of a state that few are in
        assert index in used or used & {"pk_reconciliation", "pk_reconciliation_finding", "ix_reconciliation_status"}, (index, used)
        assert "Seq Scan" not in {node["Node Type"] for node in found}, index
        assert sum(buffers(node) for node in found[:1]) < 80, index


def test_a_statement_of_many_lines_matches_whole(session: Session) -> None:
    filled(session, 3000)
    compare(session, str(STATEMENT), NOW)
    session.commit()
    assert session.execute(sa.select(Finding.outcome, sa.func.count()).group_by(Finding.outcome)).all() == [(Outcome.MATCHED, 3000)]
    pairs = sa.select(Finding.line, Finding.book_id)
    assert all(line == book.int for line, book in session.execute(pairs))
