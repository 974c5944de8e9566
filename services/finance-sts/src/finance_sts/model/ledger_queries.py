"""The balance of every account at any instant: kept at the end of each sealed day, and what came after it summed by index."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.ledger import LedgerEntry
from smartcity.calendar import day_of

_KEEP = sa.text("""
INSERT INTO day_balance (office, day, account_code, debit, credit)
SELECT :office, :day, account_code, sum(debit), sum(credit) FROM (
  SELECT account_code, debit, credit FROM day_balance WHERE office = :office AND day = :before
  UNION ALL
  SELECT l.account_code, l.debit, l.credit FROM ledger_entry e JOIN ledger_line l ON l.entry_id = e.id
  WHERE e.office = :office AND e.day > :before AND e.day <= :day
) AS moved GROUP BY account_code
""")
# The offices are found by stepping along the index from one to the next, not by reading every entry.
_OFFICES = """
WITH RECURSIVE stepped (office) AS (
  SELECT min(office) FROM ledger_entry
  UNION ALL
  SELECT (SELECT min(office) FROM ledger_entry WHERE office > stepped.office) FROM stepped WHERE office IS NOT NULL
)
SELECT office FROM stepped WHERE office IS NOT NULL
"""
# An entry is booked on the day it is made or on the next (its day may be closed), so that nothing made until `at` is booked later than that.
_SUMS = """
WITH moved AS (
  SELECT lines.* FROM ({offices}) AS mine
  CROSS JOIN LATERAL (
    SELECT coalesce(max(day), :never) AS day FROM closed_day WHERE office = mine.office AND day < :today AND seal IS NOT NULL
  ) AS sealed
  CROSS JOIN LATERAL (
    SELECT account_code, debit, credit FROM day_balance WHERE office = mine.office AND day = sealed.day
    UNION ALL
    SELECT l.account_code, l.debit, l.credit FROM ledger_entry e JOIN ledger_line l ON l.entry_id = e.id
    WHERE e.office = mine.office AND e.day > sealed.day AND e.day <= :tomorrow AND e.at <= :at
  ) AS lines
)
SELECT account_code, sum(debit)::bigint AS debit, sum(credit)::bigint AS credit FROM moved GROUP BY account_code ORDER BY account_code
"""


def offices() -> sa.TextualSelect:
    """Every office that has booked anything. Asked of them one by one, days are found by (office, day), the order of the books."""
    return sa.text(_OFFICES).columns(LedgerEntry.office)


def keep_balances(session: Session, office: str, before: date, day: date) -> None:
    """Keep what every account of the office has at the end of `day`; `before` is the sealed day before it, or `date.min`."""
    session.execute(_KEEP, {"office": office, "before": before, "day": day})


def sums_query(office: str | None, at: datetime) -> sa.TextClause:
    """(account code, debit, credit) of every account posted on until `at`: of one office or of all."""
    today = day_of(at)
    values: dict[str, Any] = {"never": date.min, "today": today, "tomorrow": today + timedelta(days=1), "at": at}
    if office is not None:
        values["office"] = office
    return sa.text(_SUMS.format(offices=_OFFICES if office is None else "SELECT CAST(:office AS text) AS office")).bindparams(**values)


def sums(session: Session, office: str | None, at: datetime) -> list[tuple[str, int, int]]:
    """What `sums_query` finds, whole rupiah."""
    return [(row.account_code, row.debit, row.credit) for row in session.execute(sums_query(office, at))]


_BEFORE = sa.text("""
WITH sealed AS (SELECT coalesce(max(day), :never) AS day FROM closed_day WHERE office = :office AND day < :day AND seal IS NOT NULL)
SELECT coalesce(sum(moved.amount), 0)::bigint FROM (
  SELECT debit - credit AS amount FROM day_balance WHERE office = :office AND account_code = :account AND day = (SELECT day FROM sealed)
  UNION ALL
  SELECT l.debit - l.credit FROM ledger_entry e JOIN ledger_line l ON l.entry_id = e.id AND l.account_code = :account
  WHERE e.office = :office AND e.day > (SELECT day FROM sealed) AND (e.day, e.id) < (:day, :before)
) AS moved
""")


def booked_before(session: Session, account: tuple[str, str], day: date, before: UUID) -> int:
    """Debit minus credit of `account` (office, code) in the books up to `day` and there up to the entry `before`; whole rupiah."""
    values = {"office": account[0], "account": account[1], "day": day, "before": before, "never": date.min}
    return int(session.execute(_BEFORE, values).scalar_one())
