"""What must be true of the money at rest, whatever happened before: `smartcity verify` asks it."""

from collections.abc import Callable, Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.use_cases import tables
from finance_sts.use_cases.day_seals import broken_seals

Found = tuple[int, list[str]]


def _count(session: Session, table: str) -> int:
    return int(session.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())


def _rows(session: Session, table: str, query: str, line: str, **values: object) -> Found:
    """How many rows `table` has, and `line` for each row that `query` finds wrong."""
    return _count(session, table), [line.format(**row._mapping) for row in session.execute(sa.text(query), values)]


def entries_balance(session: Session) -> Found:
    """Debits = credits = total of every entry."""
    query = (
        "SELECT e.id, e.total, coalesce(sum(debit), 0) AS d, coalesce(sum(credit), 0) AS c FROM ledger_entry e "
        "LEFT JOIN ledger_line l ON l.entry_id = e.id GROUP BY e.id HAVING coalesce(sum(debit), 0) <> e.total "
        "OR coalesce(sum(credit), 0) <> e.total"
    )
    return _rows(session, "ledger_line", query, "entry {id} of {total} has {d} in debit and {c} in credit")


def credited_once(session: Session) -> Found:
    """A bank's reference counts once for ever."""
    query = "SELECT bank, bank_reference FROM payment GROUP BY bank, bank_reference HAVING count(*) > 1"
    return _rows(session, "payment", query, "{bank} {bank_reference} was credited twice")


def bills_hold(session: Session) -> Found:
    """No bill is credited over its due, and what it says was paid came in."""
    query = (
        "SELECT number, total, paid_total FROM bill WHERE paid_total > total OR paid_total - carried_total > "
        "(SELECT coalesce(sum(amount), 0) FROM payment WHERE bill_id = bill.id)"
    )
    return _rows(session, "bill", query, "bill {number} of {total} is credited with {paid_total}")


def slips_hold(session: Session) -> Found:
    """The lines of the slips are the receipts, to the rupiah; what no slip holds is in hand."""
    query = (
        "SELECT s.id, s.total, coalesce(sum(h.amount), 0) AS receipts FROM deposit_slip s LEFT JOIN payment p ON p.slip_id = s.id "
        "LEFT JOIN payment_head h ON h.payment_id = p.id GROUP BY s.id HAVING coalesce(sum(h.amount), 0) <> s.total"
    )
    return _rows(session, "deposit_slip", query, "slip {id} of {total} gathers receipts of {receipts}")


def cash_in_hand(session: Session) -> Found:
    """The treasurer's cash in the ledger is what was received and not deposited, office by office."""
    query = (
        "SELECT office, sum(booked) AS booked, sum(held) AS held FROM ("
        "SELECT e.office, l.debit - l.credit AS booked, 0 AS held FROM ledger_line l JOIN ledger_entry e ON e.id = l.entry_id "
        "WHERE l.account_code = :cash UNION ALL SELECT office, 0, amount FROM payment WHERE channel <> 'credit' UNION ALL "
        "SELECT office, 0, -total FROM deposit_slip WHERE status <> 'draft') AS moved GROUP BY office HAVING sum(booked) <> sum(held)"
    )
    return _rows(
        session, "payment", query, "{office} has {held} in hand and {booked} in the books", cash=tables.account_of("treasurer_cash")
    )


def balances_hold(session: Session) -> Found:
    """What was kept as balance at the end of each office's last sealed day is the sum of its lines."""
    query = (
        "WITH last AS (SELECT office, max(day) AS day FROM day_balance GROUP BY office), "
        "summed AS (SELECT e.office, l.account_code, sum(l.debit) AS debit, sum(l.credit) AS credit FROM last JOIN ledger_entry e "
        "ON e.office = last.office AND e.day <= last.day JOIN ledger_line l ON l.entry_id = e.id GROUP BY e.office, l.account_code) "
        "SELECT office, account_code FROM (SELECT b.office, b.account_code, b.debit, b.credit FROM day_balance b JOIN last USING (office, day)) "
        "AS kept FULL JOIN summed USING (office, account_code, debit, credit) WHERE kept IS NULL OR summed IS NULL"
    )
    return _rows(session, "day_balance", query, "the balance of {account_code} kept for {office} is not the sum of its lines")


def days_hold(session: Session) -> Found:
    """The chain of closed days, recomputed."""
    return _count(session, "closed_day"), list(broken_seals(session))


INVARIANTS: Mapping[str, Callable[[Session], Found]] = {
    "I3 every entry of the ledger balances": entries_balance,
    "I3 every bank reference was credited once": credited_once,
    "I3 no bill is credited over its due": bills_hold,
    "I3 the lines of the deposit slips are the receipts": slips_hold,
    "I3 the cash in hand is the cash in the books": cash_in_hand,
    "I3 the balances kept are the sums of the lines": balances_hold,
    "I3 the closed days are those that were sealed": days_hold,
}
