"""Books kept by the release before go on: the same bills, payments and balances, with what the new one adds read from them."""

from datetime import date

import sqlalchemy as sa

from smartcity.storage import migrate
from smartcity.testing import postgres
from smartcity.testing.schema import assert_model_matches_schema

BOOKS = """
INSERT INTO bill VALUES ('{b}', 2, 1, '0001', 'BAPENDA', 'siti', '', '', 'licensing', 'permit-application', '{r}', 300, '2026-12-01',
  '2026-11-01T02:00Z', '127100001', 'qris', 'F1', 300, 'paid', NULL, NULL, NULL);
INSERT INTO deposit_slip VALUES ('{s}', 3, 1, 'STS-1', 'BAPENDA', '2026-11-02', 300, 'bendahara', '2026-11-02T09:00Z', 'validated',
  '2026-11-02T09:00Z', 'slip', false, '2026-11-03T02:00Z', 'kuasa-bud', 'NK-1');
INSERT INTO payment VALUES ('{p}', 1, 1, '{b}', 'siti', 'BAPENDA', 'MEDANDEMO', 'ref-1', 300, 'virtual_account', '2026-11-02T03:00Z',
  '2026-11-02', 'bank', 'SSRD-1', 'F2', 'refund_due', '{s}');
INSERT INTO refund VALUES ('{f}', 1, 1, '{p}', '{b}', 'BAPENDA', 'siti', 'event:1', 120, 'overpaid', '2026-11-02T04:00Z', 'requested');
INSERT INTO ledger_entry VALUES ('{e}', '2026-11-02T03:00Z', '2026-11-02', 'BAPENDA', 'payment:{p}');
INSERT INTO ledger_line VALUES ('{e}', 1, '1.1.1', 300, 0), ('{e}', 2, '4.1.2', 0, 200), ('{e}', 3, '4.1.3', 0, 100);
INSERT INTO closed_day VALUES ('BAPENDA', '2026-11-02', 'ppk', '2026-11-02T10:00Z', 300, 300);
"""
IDS = {name: f"0192f0c1-7a58-7c3e-8000-00000000000{number}" for number, name in enumerate("brspfe")}


def test_books_of_the_release_before_are_kept(postgres_server: str) -> None:
    url = postgres.create(postgres_server, "books_of_before")
    migrate.upgrade("finance_sts", url, "0001_initial")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(BOOKS.format(**IDS))
    migrate.upgrade("finance_sts", url)
    with engine.connect() as connection:

        def rows(query: str) -> list[tuple[object, ...]]:
            return [tuple(row) for row in connection.execute(sa.text(query))]

        assert rows("SELECT number, status, paid_total, carried_total, updated_at = issued_at FROM bill") == [
            ("0001", "paid", 300, 0, True)
        ]
        assert rows("SELECT receipt_no, amount, refund_total FROM payment") == [("SSRD-1", 300, 120)]
        assert rows("SELECT account_code, amount FROM payment_head ORDER BY line") == [("4.1.2", 200), ("4.1.3", 100)]
        assert rows("SELECT total FROM ledger_entry") == [(300,)]
        assert rows("SELECT sum(debit), sum(credit) FROM ledger_line") == [(300, 300)]
        assert rows("SELECT number, status, credited_total FROM deposit_slip") == [("STS-1", "validated", 300)]
        assert rows("SELECT day, version, seal FROM closed_day") == [(date(2026, 11, 2), 1, None)]
        assert rows("SELECT decide_by, act_by, pay_by, deemed_at, late_interest FROM refund") == [
            (date(2027, 5, 2), date(2027, 5, 2), None, None, 0)
        ]
        assert rows("SELECT kind, (at AT TIME ZONE 'Asia/Jakarta')::text FROM due JOIN refund ON refund.id::text = subject") == [
            ("refund_term", "2027-05-03 00:00:00")
        ]
        assert rows("SELECT kind FROM due JOIN closed_day ON id::text = subject") == [("seal_day",)]
    engine.dispose()
    assert_model_matches_schema(url)
    postgres.drop(postgres_server, "books_of_before")
