"""CSV by a mapping that is declared in `data/bank_csv_mappings.yaml`: every bank has its own columns."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

from finance_sts.rules.statement import Line, Statement, StatementWrong, plain, references, rupiah
from finance_sts.use_cases.bank_accounts import CsvMapping


def read(content: bytes, mapping: CsvMapping) -> Statement:
    """The statement of the file, oldest row first or newest; each row's running balance must follow from the one before it in time.

    Raises `StatementWrong`: `statement-not-one` for rows of two accounts, `statement-balance-broken`, `statement-unreadable`.
    """
    rows = _rows(content, mapping)
    told = [(_line(row, mapping), _money(row[mapping.balance], mapping)) for row in rows]
    if _broken(told) and not _broken(told[::-1]):
        told.reverse()
    if broken := _broken(told):
        raise StatementWrong("statement-balance-broken", computed=broken[0], closing=broken[1])
    lines, balances = tuple(line for line, _ in told), [balance for _, balance in told]
    opening = balances[0] - lines[0].amount
    heads = {(row[mapping.account].strip(), row[mapping.currency].strip()) for row in rows}
    if len(heads) != 1:
        raise StatementWrong("statement-not-one")
    ((account, currency),) = heads
    days = [line.booking_date for line in lines]
    opened_on, closed_on = min(days), max(days)
    ident = f"{opened_on.isoformat()}/{closed_on.isoformat()}"  # such a file has no number of its own: its days are it
    return Statement(ident, plain(account, 80), currency, opening, balances[-1], opened_on, closed_on, lines)


def _broken(told: list[tuple[Line, int]]) -> tuple[int, int] | None:
    """The first balance that does not follow from the row before: what it should be, and what it is."""
    for (_, before), (line, after) in pairwise(told):
        if before + line.amount != after:
            return before + line.amount, after
    return None


def _rows(content: bytes, mapping: CsvMapping) -> list[dict[str, str]]:
    text = content.decode(mapping.encoding).removeprefix("\ufeff")
    try:
        reader = csv.DictReader(io.StringIO(text), delimiter=mapping.delimiter, strict=True)
        rows = list(reader)
    except csv.Error:
        raise StatementWrong("statement-unreadable") from None
    if not rows or not mapping.columns <= set(reader.fieldnames or ()) or any(None in row or None in row.values() for row in rows):
        raise StatementWrong("statement-unreadable")
    return rows


def _line(row: dict[str, str], mapping: CsvMapping) -> Line:
    credit, debit = (_money(row[column] or "0", mapping) for column in (mapping.credit, mapping.debit))
    if credit < 0 or debit < 0 or (credit == 0) == (debit == 0):
        raise StatementWrong("statement-unreadable")
    narrative = plain(row[mapping.narrative])
    named = [row[column] for column in mapping.references]
    value, booked = (_day(row[column], mapping) for column in (mapping.value_date, mapping.booking_date))
    return Line(value, booked, credit - debit, references(named, narrative), narrative, plain(row[mapping.kind], 40))


def _money(text: str, mapping: CsvMapping) -> int:
    return rupiah(Decimal(text.strip().replace(mapping.thousands, "").replace(mapping.decimal, ".")))


def _day(text: str, mapping: CsvMapping) -> date:
    return datetime.strptime(text.strip(), mapping.dates).date()
