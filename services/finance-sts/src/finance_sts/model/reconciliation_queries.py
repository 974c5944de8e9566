"""Comparing the lines of one account with the books: set by set, so that ten times the lines take ten times as long.

Lines and books that are compared stand in tables of the transaction (`run_…`), with what each may be found by. Pairs are chosen by
the strongest key they share (a bank's reference before a virtual account's or bill's number), then by the nearest day; where two lines
want one book, the better has it and the other is tried again.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.bank_statement import BankStatement
from finance_sts.model.reconciliation import Reconciliation, ReconciliationStatus

PAYMENTS = """
SELECT 'payment' AS kind, p.id, p.office, p.day, p.day AS on_day, p.amount, true AS required,
    ARRAY[p.bank_reference, b.virtual_account_no, b.number] AS keys
FROM payment p JOIN bill b ON b.id = p.bill_id
WHERE p.office = :office AND p.day BETWEEN :first AND :last
    AND (p.channel = 'counter_transfer' OR p.bank = :bank AND p.channel IN ('virtual_account', 'qris'))
"""
SLIPS = """
SELECT 'deposit_slip' AS kind, s.id, s.office, s.day, (s.deposited_at AT TIME ZONE 'Asia/Jakarta')::date AS on_day, s.total AS amount, true AS required,
    ARRAY[s.credit_note, s.deposit_reference, s.number] AS keys
FROM deposit_slip s WHERE s.deposited_at >= :begin AND s.deposited_at < :end
"""
REFUNDS = """
SELECT 'refund' AS kind, r.id, r.office, (r.paid_at AT TIME ZONE 'Asia/Jakarta')::date AS day, (r.paid_at AT TIME ZONE 'Asia/Jakarta')::date AS on_day,
    -(r.amount + r.interest + r.late_interest - r.credited) AS amount, true AS required, ARRAY[r.bank_reference] AS keys
FROM refund r WHERE r.paid_at >= :begin AND r.paid_at < :end
"""
SLIP_ON_RECEIPTS = """
SELECT 'sweep' AS kind, s.id, s.office, s.day, s.on_day, -s.amount AS amount, false AS required, s.keys FROM slip s
UNION ALL
SELECT 'cash_in', s.id, s.office, s.day, s.on_day, s.amount - e.amount, false, s.keys
FROM slip s, LATERAL (SELECT coalesce(sum(p.amount), 0) AS amount FROM payment p
    WHERE p.slip_id = s.id AND p.channel IN ('virtual_account', 'qris', 'counter_transfer')) e
WHERE s.amount > e.amount
"""
BOOKS = {
    "city": f"SELECT * FROM ({SLIPS}) s UNION ALL SELECT * FROM ({REFUNDS}) r",
    "receipts": (
        f"WITH slip AS (SELECT * FROM ({SLIPS}) s WHERE office = :office) SELECT * FROM ({PAYMENTS}) p UNION ALL SELECT * FROM ({SLIP_ON_RECEIPTS}) s"
    ),
}
"""What of the books may stand on an account, by what the account holds. A slip's own movements on the receiving account are not
required there: who banks cash at the RKUD itself has none."""

LINES = """
CREATE TEMPORARY TABLE run_line ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY found.statement_id, found.line) AS n, found.* FROM (
    SELECT l.statement_id, l.line, l.value_date, l.amount, l."references" AS keys, NULL::bigint AS finding
    FROM bank_statement s JOIN bank_line l ON l.statement_id = s.id WHERE s.id = :statement AND s.matched_at IS NULL
    UNION ALL
    SELECT l.statement_id, l.line, l.value_date, l.amount, l."references", f.id
    FROM bank_statement s JOIN reconciliation_finding f ON f.found_in = s.id AND f.open AND f.outcome = 'bank_only'
    JOIN bank_line l ON l.statement_id = f.line_of AND l.line = f.line WHERE s.account = :account
) found
"""
BOOK_TABLE = """
CREATE TEMPORARY TABLE run_book ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY b.kind, b.id) AS n, b.*, w.earliest, w.latest,
    CASE WHEN f.outcome = 'book_only' AND f.open THEN f.id END AS finding, f.id IS NOT NULL AND NOT (f.outcome = 'book_only' AND f.open) AS taken
FROM ({books}) b JOIN unnest(CAST(:days AS date[]), CAST(:earliest AS date[]), CAST(:latest AS date[])) AS w (day, earliest, latest) ON w.day = b.on_day
LEFT JOIN reconciliation_finding f ON f.book_id = b.id AND f.book_kind = b.kind AND f.outcome <> 'duplicate'
"""
KEYS = (
    "CREATE TEMPORARY TABLE run_line_key ON COMMIT DROP AS SELECT DISTINCT n AS line, key FROM run_line, unnest(keys) key",
    "CREATE TEMPORARY TABLE run_book_key ON COMMIT DROP AS SELECT n AS book, upper(replace(key, ' ', '')) AS key, min(rank) AS rank "
    "FROM run_book, unnest(keys) WITH ORDINALITY AS k (key, rank) WHERE key IS NOT NULL GROUP BY 1, 2",
    "CREATE TEMPORARY TABLE run_pair (line bigint, book bigint, outcome text) ON COMMIT DROP",
    *(f"ANALYZE run_{name}" for name in ("line", "book", "line_key", "book_key")),
)
PAIR = """
WITH fitting AS (
    SELECT l.n AS line, b.n AS book, min(bk.rank) AS rank, abs(l.value_date - b.on_day) AS apart
    FROM run_line_key lk JOIN run_book_key bk ON bk.key = lk.key JOIN run_line l ON l.n = lk.line JOIN run_book b ON b.n = bk.book
    WHERE l.value_date BETWEEN b.earliest AND b.latest AND {fits}
        AND NOT EXISTS (SELECT 1 FROM run_pair p WHERE p.line = l.n) {free}
    GROUP BY l.n, b.n, l.value_date, b.on_day
), ranked AS (
    SELECT line, book, row_number() OVER (PARTITION BY line ORDER BY rank, apart, book) AS best_of_line,
        row_number() OVER (PARTITION BY book ORDER BY rank, apart, line) AS best_of_book FROM fitting
)
INSERT INTO run_pair SELECT line, book, '{outcome}' FROM ranked WHERE best_of_line = 1 {once}
"""
FREE = "AND NOT b.taken AND NOT EXISTS (SELECT 1 FROM run_pair p WHERE p.book = b.n) AND (l.finding IS NULL OR b.finding IS NULL)"
ONCE = "AND best_of_book = 1"
MATCHED = PAIR.format(fits="l.amount = b.amount", free=FREE, outcome="matched", once=ONCE)
AGAIN = "AND (b.taken OR EXISTS (SELECT 1 FROM run_pair p WHERE p.book = b.n))"
DUPLICATE = PAIR.format(fits="l.amount = b.amount", free=AGAIN, outcome="duplicate", once="")
DIFFERS = PAIR.format(fits="b.required AND l.amount <> b.amount", free=FREE, outcome="amount_differs", once=ONCE)

FOUND = """
CREATE TEMPORARY TABLE run_found ON COMMIT DROP AS
SELECT CASE p.outcome WHEN 'duplicate' THEN l.finding ELSE coalesce(l.finding, b.finding) END AS finding, p.outcome, l.statement_id, l.line, l.amount AS bank_amount, b.kind, b.id AS book_id,
    b.amount AS book_amount, b.office, b.day
FROM run_pair p JOIN run_line l ON l.n = p.line JOIN run_book b ON b.n = p.book
UNION ALL
SELECT NULL, 'bank_only', l.statement_id, l.line, l.amount, NULL, NULL, NULL, :office, l.value_date
FROM run_line l WHERE l.finding IS NULL AND NOT EXISTS (SELECT 1 FROM run_pair p WHERE p.line = l.n)
UNION ALL
SELECT NULL, 'book_only', NULL, NULL, NULL, b.kind, b.id, b.amount, b.office, b.day
FROM run_book b WHERE b.required AND NOT b.taken AND b.finding IS NULL AND b.latest <= :told_until
    AND NOT EXISTS (SELECT 1 FROM run_pair p WHERE p.book = b.n)
"""
LATER = """
WITH changed AS (
    UPDATE reconciliation_finding f SET outcome = r.outcome, open = r.outcome <> 'matched', line_of = r.statement_id, line = r.line, bank_amount = r.bank_amount,
        book_kind = r.kind, book_id = r.book_id, book_amount = r.book_amount
    FROM run_found r, reconciliation_finding before WHERE f.id = r.finding AND before.id = r.finding RETURNING f.id, before.outcome AS was
)
INSERT INTO reconciliation_finding_step (finding_id, at, who, was, reason_code, note) SELECT id, :now, 'work', was, 'compared-again', '' FROM changed
"""
FRESH = """
INSERT INTO reconciliation_finding (reconciliation_id, outcome, open, found_in, line_of, line, bank_amount, book_kind, book_id, book_amount)
SELECT d.id, r.outcome, r.outcome <> 'matched', coalesce(r.statement_id, :statement), r.statement_id, r.line, r.bank_amount, r.kind, r.book_id, r.book_amount
FROM run_found r JOIN unnest(CAST(:offices AS text[]), CAST(:days AS date[]), CAST(:ids AS uuid[])) AS d (office, day, id)
    ON d.office = r.office AND d.day = r.day
WHERE r.finding IS NULL ORDER BY r.day, r.statement_id, r.line, r.book_id
"""

READY = """
NOT EXISTS (SELECT 1 FROM reconciliation_finding f WHERE f.reconciliation_id = reconciliation.id AND f.open)
AND (EXISTS (SELECT 1 FROM closed_day d WHERE d.office = reconciliation.office AND d.day = reconciliation.day)
    OR NOT EXISTS (SELECT 1 FROM payment p WHERE p.office = reconciliation.office AND p.day = reconciliation.day AND p.channel <> 'credit'))
AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.office = reconciliation.office AND p.day = reconciliation.day
    AND p.channel IN ('virtual_account', 'qris', 'counter_transfer')
    AND NOT EXISTS (SELECT 1 FROM reconciliation_finding f WHERE f.book_id = p.id AND f.book_kind = 'payment' AND f.outcome <> 'duplicate'))
AND NOT EXISTS (SELECT 1 FROM deposit_slip s WHERE s.office = reconciliation.office AND s.day = reconciliation.day
    AND (s.status IN ('draft', 'deposited')
        OR NOT EXISTS (SELECT 1 FROM reconciliation_finding f WHERE f.book_id = s.id AND f.book_kind = 'deposit_slip' AND f.outcome <> 'duplicate')))
"""


def ready() -> sa.Select[Reconciliation]:
    """Open days whose books are closed and all found at the bank or explained; their slips are validated, or differ and were explained."""
    waiting = Reconciliation.status == ReconciliationStatus.OPEN
    return sa.select(Reconciliation).where(waiting, sa.text(READY)).order_by(Reconciliation.day, Reconciliation.id)


def told_through(session: Session, account: str, day: date) -> bool:
    """Has the bank told the account's movements up to the end of `day`, without a statement missing just before?"""
    mine = BankStatement.account == account
    first = sa.select(sa.func.min(BankStatement.closed_on)).where(mine, BankStatement.closed_on >= day).scalar_subquery()
    before = sa.select(sa.func.max(BankStatement.closed_on)).where(mine, BankStatement.closed_on < first).scalar_subquery()
    openings = set(session.scalars(sa.select(BankStatement.opening).where(mine, BankStatement.closed_on == first)))
    closings = set(session.scalars(sa.select(BankStatement.closing).where(mine, BankStatement.closed_on == before)))
    return bool(openings & closings if closings else openings)


def gather(session: Session, holds: str, about: Mapping[str, Any]) -> None:
    """Put what is to be compared into the transaction's tables. `about`: statement, account, bank, office, days and their windows."""
    session.execute(sa.text(LINES), about)
    session.execute(sa.text(BOOK_TABLE.format(books=BOOKS[holds])), about)
    for statement in KEYS:
        session.execute(sa.text(statement))


def compare(session: Session, office: str, told_until: date) -> list[tuple[str, date]]:
    """Pair what fits; answers the (office, day) of everything found. `told_until`: up to there the bank has told everything."""
    for statement in (MATCHED, DUPLICATE, DIFFERS):
        while session.execute(sa.text(statement)).rowcount:  # type: ignore[attr-defined]
            session.execute(sa.text("ANALYZE run_pair"))
    session.execute(sa.text(FOUND), {"office": office, "told_until": told_until})
    return [(row.office, row.day) for row in session.execute(sa.text("SELECT DISTINCT office, day FROM run_found ORDER BY day, office"))]


def keep(session: Session, statement: UUID, days: Mapping[tuple[str, date], UUID], now: datetime) -> None:
    """Keep what was found: what was open and has found its other side is changed, the rest is new. `days`: whose reconciliation has it."""
    session.execute(sa.text(LATER), {"now": now})
    keys = list(days)
    owners = {"offices": [office for office, _ in keys], "days": [day for _, day in keys], "ids": list(days.values())}
    session.execute(sa.text(FRESH), {"statement": statement, **owners})
    for name in ("line", "book", "line_key", "book_key", "pair", "found"):
        session.execute(sa.text(f"DROP TABLE run_{name}"))
