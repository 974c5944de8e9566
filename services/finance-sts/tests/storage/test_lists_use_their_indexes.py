"""The millionth row costs what the first did."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill, BillStatus
from finance_sts.model.bill_queries import debts_of, register
from finance_sts.model.collection_step import CollectionStep, steps_of
from finance_sts.model.correction import Correction
from finance_sts.model.deposit_slip import DepositSlip
from finance_sts.model.instalments import InstalmentAgreement, agreements_of
from finance_sts.model.instalments import waiting as waiting_agreements
from finance_sts.model.ledger import LedgerEntry
from finance_sts.model.monthly_report import MonthlyReport
from finance_sts.model.objection import Objection, ObjectionStatus, objections_of, undecided
from finance_sts.model.payment import Payment
from finance_sts.model.refund import Refund
from finance_sts.model.refund import waiting as waiting_refunds
from finance_sts.model.waiver import Waiver, asked_for, waiting
from finance_sts.use_cases.cash_in_hand import undeposited
from finance_sts.use_cases.daily_position import late_refunds
from finance_sts.use_cases.listings import listed, visible
from finance_sts.use_cases.my_cases import MY_CASES
from finance_sts.use_cases.receipts_book import entries_of
from smartcity.http import Actor
from smartcity.testing import plans
from smartcity.testing.plans import buffers, first_and_far, must_read_cases_along, nodes

ROWS = 20_000
CITIZEN = Actor("citizen-7", frozenset({"citizen"}))
TREASURER = Actor("t", frozenset({"treasurer"}), "DPMPTSP")
ID = "lpad(to_hex(i), 32, '0')::uuid"
OFFICE = "CASE WHEN i % 4 = 3 THEN 'DPMPTSP' ELSE 'OTHER' END"
OWNER = "'citizen-' || i % 100"
FILL = (
    f"""INSERT INTO bill (id, version, told, number, office, owner_sub, payer_name, payer_address, ref_service, ref_kind, ref_id, total, due_on,
    issued_at, virtual_account_no, qris_payload, verify_code, paid_total, status)
    SELECT {ID}, 1, 0, 'SKRD/2026/' || i, {OFFICE}, {OWNER}, '\\x00', '\\x00', 's', 'k', {ID}, 5, current_date, now(), 'V' || i, 'Q', 'C' || i, 0,
    (ARRAY['issued', 'cancelled'])[1 + i / 4 % 2] FROM generate_series(1, :rows) i""",
    f"""INSERT INTO payment (id, version, told, bill_id, owner_sub, office, bank, bank_reference, amount, channel, paid_at, day, recorded_by,
    receipt_no, verify_code, status)
    SELECT {ID}, 1, 0, {ID}, {OWNER}, {OFFICE}, 'b', 'r' || i, 5, 'virtual_account', now(), current_date - i / 100, 'b', 'R' || i, 'C', 'usable'
    FROM generate_series(1, :rows) i""",
    f"""INSERT INTO refund (id, version, told, payment_id, bill_id, office, owner_sub, cause, amount, reason_code, requested_at, status, decide_by)
    SELECT {ID}, 1, 0, {ID}, {ID}, {OFFICE}, {OWNER}, 'c' || i, 5, 'x', now(), (ARRAY['requested', 'paid'])[1 + i / 4 % 2], current_date + i / 100
    FROM generate_series(1, :rows) i""",
    f"""INSERT INTO deposit_slip (id, version, told, office, day, total, treasurer_sub, made_at, status, late)
    SELECT {ID}, 1, 0, {OFFICE}, current_date - i / 100, 5, 't', now(), 'draft', false FROM generate_series(1, :rows) i""",
    f"""INSERT INTO collection_step (id, bill_id, kind, day, outstanding)
    SELECT {ID}, lpad(to_hex(i / 4), 32, '0')::uuid, 'reminder', current_date, 5 FROM generate_series(1, :rows) i""",
    f"""INSERT INTO instalment_agreement (id, version, told, bill_id, office, owner_sub, asked_by, asked_at, status, paid_before, decided_by)
    SELECT {ID}, 1, 0, lpad(to_hex(i / 4), 32, '0')::uuid, {OFFICE}, {OWNER}, 'a', now(),
    CASE WHEN i % 30 = 29 THEN 'requested' ELSE 'ended' END, 0, CASE WHEN i % 30 = 29 THEN NULL ELSE 'b' END FROM generate_series(1, :rows) i""",
    f"""INSERT INTO waiver (id, version, told, bill_id, office, owner_sub, kind, amount, reason_code, asked_by, asked_at, status, decided_by)
    SELECT {ID}, 1, 0, lpad(to_hex(i / 10), 32, '0')::uuid, {OFFICE}, {OWNER}, 'relief', 1, 'x', 'a', now(),
    CASE WHEN i % 30 = 29 THEN 'requested' ELSE 'refused' END, CASE WHEN i % 30 = 29 THEN NULL ELSE 'b' END FROM generate_series(1, :rows) i""",
    f"""INSERT INTO objection (id, version, told, bill_id, office, owner_sub, filed_by, filed_at, amount_right, reasons, decide_by, status)
    SELECT {ID}, 1, 0, lpad(to_hex(i), 32, '0')::uuid, {OFFICE}, {OWNER}, 'a', now(), 1, '\\x00', current_date + i / 100,
    (ARRAY['lapsed', 'filed'])[1 + i / 4 % 2] FROM generate_series(1, :rows) i""",
    f"""INSERT INTO ledger_entry (id, at, day, office, cause, total)
    SELECT {ID}, now(), date '2026-01-01' + i / 100, {OFFICE}, 'c' || i, 5 FROM generate_series(1, :rows) i""",
    f"""INSERT INTO ledger_line (entry_id, line, account_code, debit, credit)
    SELECT {ID}, n, (ARRAY['1.1.01.02.01.0001', '4.1'])[n], 5 * (2 - n), 5 * (n - 1) FROM generate_series(1, :rows) i, generate_series(1, 2) n""",
    f"""INSERT INTO correction (id, version, told, office, corrects, reason_code, proposed_by, proposed_at, status)
    SELECT {ID}, 1, 0, {OFFICE}, {ID}, 'other', 't', now(), 'proposed' FROM generate_series(1, :rows) i""",
    f"""INSERT INTO monthly_report (id, version, told, office, month, made_at, due_on, opening, received, deposited, closing, status, late)
    SELECT {ID}, 1, 0, {OFFICE}, date '1900-01-01' + i, now(), current_date, 0, 0, 0, 0, 'draft', false FROM generate_series(1, :rows) i""",
)


@pytest.fixture
def filled(session: Session) -> Session:
    session.execute(sa.text("SET LOCAL session_replication_role = replica"))  # entries without lines, which the ledger would refuse
    for statement in FILL:
        session.execute(sa.text(statement), {"rows": ROWS})
    session.commit()
    session.execute(sa.text("ANALYZE"))
    return session


def plan(session: Session, query: sa.Select[Any]) -> plans.Node:
    return plans.plan(session, query.limit(51))


LISTS = {
    "ix_bill_owner_sub": visible(Bill, CITIZEN),
    "ix_bill_owner_status": visible(Bill, CITIZEN, BillStatus.ISSUED),
    "ix_bill_office": visible(Bill, TREASURER),
    "ix_bill_office_status": visible(Bill, TREASURER, BillStatus.CANCELLED),
    "ix_payment_owner_sub": visible(Payment, CITIZEN),
    "ix_payment_office": visible(Payment, TREASURER),
    "ix_refund_owner_sub": visible(Refund, CITIZEN),
    "ix_refund_office": visible(Refund, TREASURER),
    "ix_objection_owner_sub": visible(Objection, CITIZEN),
    "ix_objection_owner_status": visible(Objection, CITIZEN, ObjectionStatus.FILED),
    "ix_objection_office": visible(Objection, TREASURER),
    "ix_deposit_slip_office": visible(DepositSlip, TREASURER),
    "ix_ledger_entry_office": visible(LedgerEntry, TREASURER),
    "ix_correction_office": visible(Correction, TREASURER),
    "ix_monthly_report_office": visible(MonthlyReport, TREASURER),
}


def test_every_list_reads_its_index_in_order(filled: Session) -> None:
    for index, query in LISTS.items():
        kind = query.column_descriptions[0]["entity"]
        found = list(nodes(plan(filled, query.order_by(kind.id.desc()))))
        assert {node["Node Type"] for node in found} <= {"Limit", "Index Scan", "Index Only Scan"}, index
        (used,) = (node["Index Name"] for node in found if "Index Name" in node)
        # a list of a whole office is as well read along the primary key, which has the same order
        assert used == index or (used.startswith("pk_") and "_office" in index), (index, used)


def test_each_company_s_bills_and_payments_are_read_along_the_index_of_their_owner(filled: Session) -> None:
    many = Actor("citizen-7", frozenset({"citizen"}), companies=frozenset({"citizen-11", "citizen-19"}))
    for index, kind in (("ix_bill_owner_sub", Bill), ("ix_payment_owner_sub", Payment), ("ix_refund_owner_sub", Refund)):
        queries = listed(kind, many)
        assert len(queries) == 3
        for query in queries:
            found = list(nodes(plan(filled, query.order_by(kind.id.desc()))))
            assert [node["Index Name"] for node in found if "Index Name" in node] == [index]


def test_a_far_page_reads_no_more_than_the_first(filled: Session) -> None:
    query = visible(Payment, TREASURER).order_by(Payment.id.desc())
    first = plan(filled, query)
    far = plan(filled, query.where(sa.tuple_(Payment.id) < sa.tuple_(sa.literal(UUID(int=ROWS // 10)))))
    assert buffers(far) <= 1.2 * buffers(first)


MINE = ["ix_bill_owner_sub", "ix_objection_owner_sub", "ix_waiver_owner_sub", "ix_instalment_agreement_owner_sub", "ix_refund_owner_sub"]


def test_each_kind_of_me_cases_is_read_along_its_index_the_last_page_like_the_first(filled: Session) -> None:
    must_read_cases_along(filled, MY_CASES, "citizen-7", MINE)


def test_a_virtual_account_and_a_bank_s_reference_are_found_by_their_own_index(filled: Session) -> None:
    for index, query in {
        "uq_bill_virtual_account_no": sa.select(Bill).where(Bill.virtual_account_no == "V77"),
        "uq_bill_number": sa.select(Bill).where(sa.or_(Bill.number == "B77", Bill.virtual_account_no == "B77")),
        "uq_payment_bank_bank_reference": sa.select(Payment).where(Payment.bank == "b", Payment.bank_reference == "r77"),
        "ix_payment_day": sa.select(Payment).where(Payment.office == "DPMPTSP", Payment.day == sa.func.current_date() - 7),
    }.items():
        assert index in {node.get("Index Name") for node in nodes(plan(filled, query))}, index


def test_the_register_is_read_in_its_order_a_far_page_like_the_first(filled: Session) -> None:
    query = register("SKRD/2026").order_by(Bill.serial)
    first, far = plan(filled, query), plan(filled, query.where(sa.tuple_(Bill.serial) > sa.tuple_(sa.literal(ROWS - 1000))))
    for found in (first, far):
        assert [(node["Node Type"], node.get("Index Name")) for node in nodes(found)][1:] == [("Index Scan", "ix_bill_series")]
        assert buffers(found) <= 12  # of 20,000 rows


def test_the_steps_on_a_bill_are_read_along_their_index(filled: Session) -> None:
    found = plan(filled, steps_of(UUID(int=77)).order_by(CollectionStep.id))
    assert "ix_collection_step_bill_id" in {node.get("Index Name") for node in nodes(found)} and buffers(found) < 20


def test_the_agreements_on_a_bill_are_read_along_their_index(filled: Session) -> None:
    found = plan(filled, agreements_of(UUID(int=77)).order_by(InstalmentAgreement.id.desc()))
    assert "ix_instalment_agreement_bill_id" in {node.get("Index Name") for node in nodes(found)} and buffers(found) < 20


@pytest.mark.parametrize("office", ["DPMPTSP", "OTHER"])
def test_the_last_page_of_a_month_s_book_reads_what_the_first_does(filled: Session, office: str) -> None:
    """Along the order of the books, one probe an entry; no page reads and sorts what it does not show."""
    for month in (date(2026, 1, 1), date(2026, 3, 1), date(2026, 6, 1)):
        pages = first_and_far(filled, entries_of(office, month), (LedgerEntry.day, LedgerEntry.id), 50, 1000, rising=True)
        for found in pages:
            assert not any("Sort" in node["Node Type"] for node in nodes(found))
            entries, lines = (node["Index Name"] for node in nodes(found) if "Index Name" in node)
            assert entries == "ix_ledger_entry_books" and lines in ("pk_ledger_line", "ix_ledger_line_account_code")
        assert buffers(pages[1]) <= 1.2 * buffers(pages[0]) <= 1.2 * 51 * 5


def test_what_is_in_hand_is_found_among_what_is_not_deposited_alone(filled: Session) -> None:
    filled.execute(sa.text("SET LOCAL session_replication_role = replica"))
    filled.execute(sa.text("UPDATE payment SET slip_id = id WHERE day < current_date"))
    filled.execute(sa.text("UPDATE deposit_slip SET status = 'deposited', number = id::text WHERE day < current_date"))
    filled.commit()
    with filled.connection().engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE payment, deposit_slip"))
    found = plan(filled, undeposited(None))
    assert {node["Index Name"] for node in nodes(found) if "Index Name" in node} == {"ix_payment_slip_id", "ix_deposit_slip_draft"}
    assert buffers(found) < 100


def test_what_waits_for_a_decision_and_what_was_asked_for_a_bill_have_their_indexes(filled: Session) -> None:
    for query, index in (
        (waiting("DPMPTSP").order_by(Waiver.id), "ix_waiver_waiting"),
        (waiting(None).order_by(Waiver.id), "ix_waiver_waiting"),
        (asked_for(UUID(int=77)).order_by(Waiver.id.desc()), "ix_waiver_bill_id"),
        (waiting_agreements("DPMPTSP").order_by(InstalmentAgreement.id), "ix_instalment_agreement_waiting"),
        (visible(InstalmentAgreement, CITIZEN).order_by(InstalmentAgreement.id.desc()), "ix_instalment_agreement_owner_sub"),
        (visible(Waiver, CITIZEN).order_by(Waiver.id.desc()), "ix_waiver_owner_sub"),
    ):
        assert [node.get("Index Name") for node in nodes(plan(filled, query))][1:] == [index]


def test_objections_are_found_by_bill_by_whose_they_are_and_by_the_day_their_term_ends(filled: Session) -> None:
    for query, index in (
        (undecided("DPMPTSP").order_by(Objection.decide_by, Objection.id), "ix_objection_filed"),
        (undecided(None).order_by(Objection.decide_by, Objection.id), "ix_objection_filed"),
        (objections_of(UUID(int=77)).order_by(Objection.id.desc()), "ix_objection_bill_id"),
    ):
        assert index in {node.get("Index Name") for node in nodes(plan(filled, query))}


def test_refunds_that_wait_are_found_by_the_day_that_ends_and_debts_by_who_owes_them(filled: Session) -> None:
    for query, index in (
        (waiting_refunds("DPMPTSP").order_by(Refund.act_by, Refund.id), "ix_refund_waiting"),
        (waiting_refunds(None).order_by(Refund.act_by, Refund.id), "ix_refund_waiting"),
        (late_refunds(date.today() + timedelta(days=2)), "ix_refund_waiting"),
        (debts_of("citizen-7", "DPMPTSP").order_by(Bill.id).limit(20), "ix_bill_owner_s"),
    ):
        found = plan(filled, query)
        assert any(str(node.get("Index Name")).startswith(index) for node in nodes(found)) and buffers(found) < 300, index
