"""Buku Penerimaan dan Penyetoran: every receipt and deposit of a treasurer in the order of the books, with what is left in hand."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.deposit_slip import DepositSlip
from finance_sts.model.ledger import LedgerEntry, LedgerLine
from finance_sts.model.ledger_queries import booked_before
from finance_sts.model.payment import Payment
from finance_sts.use_cases import tables
from finance_sts.use_cases.sheets import Cell, Column, Sheet
from smartcity.calendar import add_months
from smartcity.errors import InputWrong
from smartcity.http.languages import Messages

BATCH = 500
DEPOSIT = "deposit"
COLUMNS = (
    Column("day", "Tanggal", "day"),
    Column("evidence_no", "Nomor bukti"),
    Column("way", "Cara bayar"),
    Column("account_code", "Kode rekening"),
    Column("description", "Uraian"),
    Column("received", "Penerimaan", "rupiah"),
    Column("deposited", "Penyetoran", "rupiah"),
    Column("balance", "Sisa", "rupiah"),
)


@dataclass(frozen=True)
class BookLine:
    """On which account how much of a receipt or deposit fell, whole rupiah."""

    account_code: str
    description: str
    amount: int


@dataclass(frozen=True)
class BookRow:
    """A receipt (SSRD, by its way of payment) or a deposit (STS); `balance` is in hand after it. Whole rupiah."""

    day: date
    at: datetime
    evidence_no: str
    way: str
    lines: list[BookLine]
    received: int
    deposited: int
    balance: int


def month_named(text: str) -> date:
    """The first day of `2026-02`; raises `InputWrong` for what is no month."""
    try:
        return datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        raise InputWrong({"month": ["Not a valid date."]}) from None


def entries_of(office: str, month: date) -> sa.Select[LedgerEntry]:
    """The month's entries that moved the cash in hand; in the order of the books by (day, id)."""
    cash = sa.select(LedgerLine.line).where(LedgerLine.entry_id == LedgerEntry.id, LedgerLine.account_code == _cash())
    mine = (LedgerEntry.office == office, LedgerEntry.day >= month, LedgerEntry.day < add_months(month, 1))
    return sa.select(LedgerEntry).where(*mine, cash.exists())


def rows(session: Session, batches: Iterable[Sequence[LedgerEntry]]) -> Iterator[BookRow]:
    """The entries as rows of the book, each with what is in hand after it; evidence is looked up a batch at a time."""
    balance: int | None = None
    for some in batches:
        if balance is None:
            balance = opening(session, some[0].office, some[0].day, some[0].id)
        known = _evidence(session, some)
        for entry in some:
            row = _row(entry, known.get(entry.cause, (entry.cause, entry.cause.partition(":")[0])), balance)
            balance = row.balance
            yield row


def opening(session: Session, office: str, day: date, before: UUID = UUID(int=0)) -> int:
    """What was in hand at the begin of `day`, or there before the entry `before`."""
    return booked_before(session, (office, _cash()), day, before)


def _cash() -> str:
    return tables.account_of("treasurer_cash")


def _evidence(session: Session, entries: Sequence[LedgerEntry]) -> dict[str, tuple[str, str]]:
    """cause -> (number of the receipt or slip, way)."""
    ids = {kind: [UUID(one.cause[len(kind) + 1 :]) for one in entries if one.cause.startswith(f"{kind}:")] for kind in ("payment", DEPOSIT)}
    receipts = session.execute(sa.select(Payment.id, Payment.receipt_no, Payment.channel).where(Payment.id.in_(ids["payment"])))
    slips = session.execute(sa.select(DepositSlip.id, DepositSlip.number).where(DepositSlip.id.in_(ids[DEPOSIT])))
    found = {f"payment:{ident}": (number, channel.value) for ident, number, channel in receipts}
    return found | {f"{DEPOSIT}:{ident}": (number or "", DEPOSIT) for ident, number in slips}


def _row(entry: LedgerEntry, evidence: tuple[str, str], balance: int) -> BookRow:
    cash = [line for line in entry.lines if line.account_code == _cash()]
    received, deposited = sum(line.debit for line in cash), sum(line.credit for line in cash)
    others = [line for line in entry.lines if line.account_code != _cash()]
    lines = [BookLine(line.account_code, tables.account(line.account_code).name, line.debit + line.credit) for line in others]
    return BookRow(entry.day, entry.at, *evidence, lines, received, deposited, balance + received - deposited)


def rows_of_month(session: Session, office: str, month: date) -> Iterator[BookRow]:
    """Every row of the month's book, read as it is needed."""
    ordered = entries_of(office, month).order_by(LedgerEntry.day, LedgerEntry.id)
    return rows(session, session.execute(ordered.execution_options(yield_per=BATCH)).scalars().partitions(BATCH))


def sheet(session: Session, office: str, month: date) -> Sheet:
    """The month's book as a table: what was in hand, a row for each account of each entry, the sums."""
    cells = _cells(opening(session, office, month), month, rows_of_month(session, office, month))
    return Sheet(f"{office} {month:%Y-%m}", COLUMNS, cells)


def _cells(carried: int, month: date, booked: Iterable[BookRow]) -> Iterator[list[Cell]]:
    words = Messages(("finance_sts",))
    received = deposited = 0
    balance = carried
    yield [month, "", "", "", "Saldo awal", None, None, carried]
    for row in booked:
        balance, received, deposited = row.balance, received + row.received, deposited + row.deposited
        way = words.label(f"receipts_book.way.{row.way}", "id")
        for line in row.lines:
            parts = (line.amount, None) if row.received else (None, line.amount)
            left = row.balance if line is row.lines[-1] else None
            yield [row.day, row.evidence_no, way, line.account_code, line.description, *parts, left]
    yield [None, "", "", "", "Jumlah", received, deposited, balance]
