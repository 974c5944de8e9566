"""What no code path may write, the database refuses."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from finance_sts.model.cash_day import lock_day
from smartcity.storage import migrate
from smartcity.storage.transaction import Database
from smartcity.testing import postgres


def refused(session: Session, statement: str, **values: Any) -> str:
    def written() -> None:
        session.execute(sa.text(statement), values)
        session.commit()

    with pytest.raises(IntegrityError) as error:
        written()
    session.rollback()
    return str(error.value.orig.diag.constraint_name)  # type: ignore[union-attr]


def test_no_bill_is_credited_over_its_due_or_paid_without_its_money(treasury: Any, session: Session) -> None:
    treasury.a_bill(100)
    assert refused(session, "UPDATE bill SET paid_total = 101") == "ck_bill_amounts"
    assert refused(session, "UPDATE bill SET status = 'paid'") == "ck_bill_paid_in_full"
    assert refused(session, "UPDATE bill SET paid_total = 100") == "ck_bill_paid_in_full"
    assert refused(session, "UPDATE bill SET status = 'lost'") == "ck_bill_status"
    assert refused(session, "UPDATE bill SET carried_total = 5") == "ck_bill_carried"


def test_one_thing_has_at_most_one_open_bill(treasury: Any, session: Session) -> None:
    one, other = treasury.a_bill(100), treasury.a_bill(100)
    statement = "UPDATE bill SET ref_id = CAST(:one AS uuid) WHERE ref_id = CAST(:other AS uuid)"
    names = {name: bill["reference"]["id"] for name, bill in (("one", one), ("other", other))}
    assert refused(session, statement, **names) == "uq_bill_open"


def test_only_a_draft_and_what_became_of_it_may_lack_a_number_or_a_way_to_pay(treasury: Any, session: Session) -> None:
    treasury.a_bill(100)
    for column in ("number", "due_on", "virtual_account_no"):
        assert refused(session, f"UPDATE bill SET {column} = NULL") == "ck_bill_issued_whole"
    assert refused(session, "UPDATE bill SET period_from = current_date") == "ck_bill_period"


def test_no_more_goes_back_than_came_and_one_reference_counts_once(treasury: Any, session: Session) -> None:
    treasury.pay(treasury.a_bill(100))
    assert refused(session, "UPDATE payment SET refund_total = 101") == "ck_payment_amounts"
    again = (
        "INSERT INTO payment SELECT (jsonb_populate_record(payment, jsonb_build_object('id', CAST(:fresh AS text), "
        "'receipt_no', 'X'))).* FROM payment"
    )
    assert refused(session, again, fresh=str(uuid4())) == "uq_payment_bank_bank_reference"


def test_an_entry_s_two_sides_are_its_total_and_nothing_is_added_later(treasury: Any, session: Session) -> None:
    treasury.pay(treasury.a_bill(100))
    empty = "INSERT INTO ledger_entry (id, at, day, office, cause, total) VALUES (:id, now(), current_date, 'DPMPTSP', 'x', 5)"
    assert refused(session, empty, id=uuid4()) == "ledger_balance"
    more = (
        "INSERT INTO ledger_line (entry_id, line, account_code, debit, credit) "
        "SELECT id, line, '4.1.02.03.01.0001', 7 * (line % 2), 7 * ((line + 1) % 2) FROM ledger_entry, generate_series(7, 8) line"
    )
    assert refused(session, more) == "ledger_balance"


def test_nothing_is_booked_on_a_closed_day_and_a_closed_day_stays_closed(session: Session) -> None:
    session.execute(sa.text("INSERT INTO closed_day VALUES ('DPMPTSP', '2026-02-12', 'ppk', now(), 0, 0)"))
    session.execute(sa.text("UPDATE closed_day SET seal = 'a', previous = '', entries = 0, sealed_at = now()"))
    session.commit()
    entry = "INSERT INTO ledger_entry (id, at, day, office, cause, total) VALUES (:id, now(), :day, 'DPMPTSP', 'x', 5)"
    for day in ("2026-02-11", "2026-02-12"):
        assert refused(session, entry, id=uuid4(), day=day) == "day_closed"
    for change in ("received = 1", "seal = 'b'", "seal = NULL, previous = NULL, entries = NULL, sealed_at = NULL"):
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(sa.text(f"UPDATE closed_day SET {change}"))
        session.rollback()
    for statement in ("DELETE FROM closed_day",):
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(sa.text(statement))
        session.rollback()


def test_who_closes_a_day_waits_for_who_books_on_it(database: Database) -> None:
    day = date(2026, 2, 12)
    with database.session() as booking, database.session() as also, database.session() as closing:
        lock_day(booking, "DPMPTSP", day)
        lock_day(also, "DPMPTSP", day)  # two may book at once
        with ThreadPoolExecutor(1) as pool:
            waits = pool.submit(lock_day, closing, "DPMPTSP", day, to_close=True)
            booking.rollback()
            assert not waits.done()
            also.rollback()
            waits.result(timeout=10)


def test_payers_are_not_readable_in_the_database(treasury: Any, session: Session) -> None:
    treasury.a_bill(100)
    row = session.execute(sa.text("SELECT row_to_json(b)::text FROM bill b")).scalar_one()
    assert "Budi" not in row and "Sei Deli" not in row


def test_books_kept_from_the_schema_before_mean_the_same_in_this_one(postgres_server: str) -> None:
    url = postgres.create(postgres_server, "kept_finance")
    migrate.upgrade("finance_sts", url, "0001_initial")
    bill, payment, entry, at = uuid4(), uuid4(), uuid4(), datetime(2026, 2, 12, tzinfo=UTC)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    kept = (
        "INSERT INTO bill VALUES (:bill, 1, 0, 'SKRD/1', 'DPMPTSP', 'budi', '\\x00', '\\x00', 's', 'k', :bill, 100, '2026-03-01', :at, "
        "'V', 'Q', 'C', 100, 'paid')",
        "INSERT INTO payment VALUES (:payment, 1, 0, :bill, 'budi', 'DPMPTSP', 'b', 'r', 100, 'virtual_account', :at, '2026-02-12', 'b', "
        "'SSRD/1', 'C', 'usable')",
        "INSERT INTO ledger_entry VALUES (:entry, :at, '2026-02-12', 'DPMPTSP', 'payment:' || CAST(:payment AS text))",
        "INSERT INTO ledger_line VALUES (:entry, 1, '1.1', 100, 0), (:entry, 2, '4.1', 70, 0), (:entry, 3, '4.2', 0, 170)",
        "INSERT INTO refund VALUES (:entry, 1, 0, :payment, :bill, 'DPMPTSP', 'budi', 'c', 30, 'x', :at, 'requested')",
    )
    with engine.begin() as connection:
        for statement in kept:
            connection.execute(sa.text(statement), {"bill": bill, "payment": payment, "entry": entry, "at": at})
    migrate.upgrade("finance_sts", url)
    with engine.connect() as connection:
        one = connection.execute(sa.text("SELECT updated_at, carried_total FROM bill")).one()
        assert (one.updated_at, one.carried_total) == (at, 0)
        assert connection.execute(sa.text("SELECT refund_total FROM payment")).scalar_one() == 30
        assert connection.execute(sa.text("SELECT account_code, amount FROM payment_head")).all() == [("4.2", 170)]
        assert connection.execute(sa.text("SELECT total FROM ledger_entry")).scalar_one() == 170
    postgres.drop(postgres_server, "kept_finance")


def test_an_objection_has_a_decision_or_none_and_a_bill_one_that_waits(hand: Any, session: Session) -> None:
    bill, body = hand.a_bill(), {"amount_right": 1, "reasons": "Luas tempat usaha saya 60 m2, bukan 100 m2."}
    hand.treasury.act(f"/v1/bills/{bill['id']}/objections", hand.treasury.as_("budi", "citizen"), body)
    assert refused(session, "UPDATE objection SET status = 'granted'") == "ck_objection_decided"
    assert refused(session, "UPDATE objection SET decision_no = 'SKK/1'") == "ck_objection_decided"
    assert refused(session, "UPDATE objection SET decided_by = filed_by") == "ck_objection_two_people"
    assert refused(session, "UPDATE objection SET amount_right = -1") == "ck_objection_amounts"
    again = (
        "INSERT INTO objection SELECT (jsonb_populate_record(objection, jsonb_build_object('id', CAST(:fresh AS text)))).* FROM objection"
    )
    assert refused(session, again, fresh=str(uuid4())) == "uq_objection_filed"


def test_a_refund_credits_no_more_than_it_is_and_says_how_its_interest_was_reckoned(treasury: Any, session: Session) -> None:
    bill = treasury.a_bill(100)
    treasury.act(f"/v1/bills/{bill['id']}/cancellation", treasury.treasurer(), {"reason_code": "wrong-payer"})
    assert treasury.counter(bill).status_code == 201
    assert refused(session, "UPDATE refund SET credited = 1") == "ck_refund_parts"
    assert refused(session, "UPDATE refund SET credited = 101, credit_to = bill_id") == "ck_refund_parts"
    assert refused(session, "UPDATE refund SET interest = 1") == "ck_refund_borne"
    assert refused(session, "UPDATE refund SET number = 'SKRDLB/1'") == "ck_refund_assessed"
    assert refused(session, "UPDATE refund SET late_interest = 1") == "ck_refund_late"
    assert refused(session, "UPDATE refund SET deemed_at = requested_at") == "ck_refund_deemed"
