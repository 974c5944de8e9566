"""The monthly accountability report: made when the month is over, signed by the treasurer by the 10th, stored once."""

from collections.abc import Iterator
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.deposit_slip import DepositSlip
from finance_sts.model.ledger import LedgerEntry, LedgerLine
from finance_sts.model.ledger_queries import offices
from finance_sts.model.monthly_report import MonthlyReport, ReportStatus
from finance_sts.use_cases import tables
from finance_sts.use_cases.receipts_book import opening
from finance_sts.use_cases.sheets import Cell, Column, Sheet
from smartcity import documents, due
from smartcity.calendar import JAKARTA, add_months, day_of
from smartcity.http import Actor

MAKE = "make_monthly_reports"
REPORT, BOOK = "monthly_report", "receipts_book"
AT = time(1, 0)
DUE_DAY = 10
COLUMNS = (Column("account_code", "Kode rekening"), Column("description", "Uraian"), Column("received", "Penerimaan", "rupiah"))


def make_reports(session: Session, subject: str, now: datetime) -> None:
    """Due work, in the first night of a month: the reports of the month before, and of each month that was missed since the last were made."""
    this = day_of(now).replace(day=1)
    month = _first_missing(session) or this
    while month < this:
        _make(session, month, now)
        month = add_months(month, 1)
    due.schedule(session, MAKE, subject, datetime.combine(add_months(this, 1), AT, JAKARTA))


def _first_missing(session: Session) -> date | None:
    """The month of the last reports, for an office that was late to book, or else the first that has entries."""
    first = session.scalar(sa.select(sa.func.max(MonthlyReport.month))) or session.scalar(first_booked())
    return first.replace(day=1) if first else None


def first_booked() -> sa.Select[date]:
    """The first day on which anything was booked."""
    each = offices().subquery()
    first = sa.select(sa.func.min(LedgerEntry.day)).where(LedgerEntry.office == each.c.office).scalar_subquery().label("first")
    return sa.select(first).select_from(each).order_by(first).limit(1)


def booked_in(month: date) -> sa.Select[str]:
    """The offices that booked something in the month."""
    each = offices().subquery()
    first = sa.select(sa.func.min(LedgerEntry.day)).where(*_in(each.c.office, month)).scalar_subquery()
    return sa.select(each.c.office).where(first.is_not(None))


def _make(session: Session, month: date, now: datetime) -> None:
    """The report of every office that booked something in the month and has none."""
    reported = sa.select(MonthlyReport.office).where(MonthlyReport.month == month)
    for office in session.scalars(booked_in(month).except_(reported)).all():
        session.add(_made(session, office, month, now))


def _made(session: Session, office: str, month: date, now: datetime) -> MonthlyReport:
    before, received, deposited = opening(session, office, month), *_moved(session, office, month)
    return MonthlyReport(
        office=office, month=month, made_at=now, due_on=add_months(month, 1).replace(day=DUE_DAY), opening=before, received=received,
        deposited=deposited, closing=before + received - deposited,
    )  # fmt: skip


def _moved(session: Session, office: str, month: date) -> tuple[int, int]:
    """What came into the treasurer's hand in the month, and what left it."""
    query = sa.select(sa.func.coalesce(sa.func.sum(LedgerLine.debit), 0), sa.func.coalesce(sa.func.sum(LedgerLine.credit), 0))
    cash = query.join(LedgerEntry).where(*_in(office, month), LedgerLine.account_code == tables.account_of("treasurer_cash"))
    received, deposited = session.execute(cash).one()
    return int(received), int(deposited)


def _in(office: str | sa.ColumnElement[str], month: date) -> tuple[sa.ColumnElement[bool], ...]:
    return LedgerEntry.office == office, LedgerEntry.day >= month, LedgerEntry.day < add_months(month, 1)


def by_account(session: Session, report: MonthlyReport) -> list[tuple[str, int]]:
    """What came in, by account: (account code, whole rupiah); together what was received."""
    cash = sa.orm.aliased(LedgerLine)
    came = sa.select(cash.line).where(
        cash.entry_id == LedgerEntry.id, cash.account_code == tables.account_of("treasurer_cash"), cash.debit > 0
    )
    query = sa.select(LedgerLine.account_code, sa.func.sum(LedgerLine.credit)).join(LedgerEntry)
    found = query.where(*_in(report.office, report.month), LedgerLine.credit > 0, came.exists())
    rows = session.execute(found.group_by(LedgerLine.account_code).order_by(LedgerLine.account_code))
    return [(code, int(amount)) for code, amount in rows]


def corrected(session: Session, report: MonthlyReport) -> list[tuple[str, int]]:
    """What entries that put others right added to an account that is revenue, or took: (account code, whole rupiah). No cash moved."""
    moved = sa.func.sum(LedgerLine.credit - LedgerLine.debit)
    query = (
        sa.select(LedgerLine.account_code, moved)
        .join(LedgerEntry)
        .where(*_in(report.office, report.month), LedgerEntry.corrects.is_not(None))
    )
    found = query.where(LedgerLine.account_code.in_(tables.revenue_accounts())).group_by(LedgerLine.account_code).having(moved != 0)
    return [(code, int(amount)) for code, amount in session.execute(found.order_by(LedgerLine.account_code))]


def sign(session: Session, report: MonthlyReport, actor: Actor, now: datetime) -> MonthlyReport:
    """The treasurer signs: report and book are promised as documents, in this commit."""
    documents.promise(session, BOOK, report.id)
    report.sign(actor.sub, documents.promise(session, REPORT, report.id), now)
    return report


def unsigned_late(session: Session, now: datetime) -> float:
    """Accountability reports that were to be signed by the 10th and are not."""
    query = sa.select(sa.func.count()).select_from(MonthlyReport)
    return float(session.scalar(query.where(MonthlyReport.status == ReportStatus.DRAFT, MonthlyReport.due_on < day_of(now))) or 0)


def sheet(session: Session, report: MonthlyReport) -> Sheet:
    """The report as a table: by account, what was corrected, then the sums of the books."""
    return Sheet(f"{report.office} {report.month:%Y-%m}", COLUMNS, _cells(by_account(session, report), corrected(session, report), report))


def _cells(parts: list[tuple[str, int]], corrections: list[tuple[str, int]], report: MonthlyReport) -> Iterator[list[Cell]]:
    for code, amount in parts:
        yield [code, tables.account(code).name, amount]
    for code, amount in corrections:
        yield [code, f"Koreksi: {tables.account(code).name}", amount]
    for label, amount in totals(report):
        yield ["", label, amount]


def totals(report: MonthlyReport) -> list[tuple[str, int]]:
    """The sums of the books, with their Indonesian labels; whole rupiah."""
    return [
        ("Saldo awal", report.opening), ("Jumlah penerimaan", report.received), ("Jumlah penyetoran", report.deposited),
        ("Saldo akhir", report.closing),
    ]  # fmt: skip


def slips_of(session: Session, report: MonthlyReport) -> list[DepositSlip]:
    """The slips of the month's receipts that were deposited, in the order of their days."""
    mine = (DepositSlip.office == report.office, DepositSlip.day >= report.month, DepositSlip.day < add_months(report.month, 1))
    query = sa.select(DepositSlip).where(*mine, DepositSlip.number.is_not(None))
    return list(session.scalars(query.order_by(DepositSlip.day, DepositSlip.id)))
