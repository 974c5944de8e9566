"""The papers of a month: the treasurer's accountability report and the book of receipts and deposits."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from finance_sts.model.cash_day import sealed_before
from finance_sts.model.deposit_slip import DepositSlip
from finance_sts.model.monthly_report import MonthlyReport
from finance_sts.use_cases import monthly_reports, tables
from finance_sts.use_cases.receipts_book import BookRow, rows_of_month
from smartcity.calendar import MONTHS, add_months, day_of, long_day
from smartcity.documents import Document
from smartcity.http.languages import Messages
from smartcity.money import format_rupiah
from smartcity.offices import office_name
from smartcity.storage import get


def _frame(report: MonthlyReport) -> dict[str, Any]:
    """What both papers print."""
    signed_on = day_of(report.signed_at) if report.signed_at else None
    return {
        "office": office_name(report.office), "month": f"{MONTHS['id'][report.month.month - 1]} {report.month.year}",
        "received": format_rupiah(report.received), "signed_on": long_day(signed_on) if signed_on else "",
        "treasurer": vars(tables.signatories(report.office, signed_on or report.due_on).treasurer),
    }  # fmt: skip


def report_content(session: Session, report_id: UUID) -> Mapping[str, Any]:
    """What the report prints; with the seal of the last closed day, which holds all the days before."""
    report = get(session, MonthlyReport, report_id)
    sealed = sealed_before(session, report.office, add_months(report.month, 1))
    accounts, corrections = _accounts(monthly_reports.by_account(session, report)), _accounts(monthly_reports.corrected(session, report))
    totals = [[str(n), label, format_rupiah(amount)] for n, (label, amount) in enumerate(monthly_reports.totals(report), 1)]
    return _frame(report) | {
        "due_on": long_day(report.due_on), "late": report.late, "accounts": accounts, "corrections": corrections, "totals": totals,
        "slips": [_slip(slip) for slip in monthly_reports.slips_of(session, report)],
        "seal": sealed.seal.hex() if sealed and sealed.seal else None, "sealed_day": long_day(sealed.day) if sealed else "",
    }  # fmt: skip


def _accounts(parts: list[tuple[str, int]]) -> list[list[str]]:
    return [[code, tables.account(code).name, format_rupiah(amount)] for code, amount in parts]


def _slip(slip: DepositSlip) -> list[str]:
    deposited = long_day(day_of(slip.deposited_at)) if slip.deposited_at else ""
    return [slip.number or "", long_day(slip.day), f"{deposited}{' (terlambat)' if slip.late else ''}", format_rupiah(slip.total)]


def book_content(session: Session, report_id: UUID) -> Mapping[str, Any]:
    """What the book prints: a row for each account of each receipt and deposit."""
    report = get(session, MonthlyReport, report_id)
    rows = [cells for row in rows_of_month(session, report.office, report.month) for cells in _book_rows(row)]
    sums = {name: format_rupiah(getattr(report, name)) for name in ("opening", "deposited", "closing")}
    return _frame(report) | sums | {"rows": rows}


def _book_rows(row: BookRow) -> Iterator[list[str]]:
    way = Messages(("finance_sts",)).label(f"receipts_book.way.{row.way}", "id")
    for line in row.lines:
        amount = format_rupiah(line.amount)
        moved = [amount, ""] if row.received else ["", amount]
        left = format_rupiah(row.balance) if line is row.lines[-1] else ""
        yield [_short(row.day), row.evidence_no, way, f"{line.account_code} {line.description}", *moved, left]


def _short(day: date) -> str:
    return f"{day:%d-%m-%Y}"


def statement(session: Session, report_id: UUID) -> Mapping[str, Any]:
    """What the QR code of either paper says."""
    report = get(session, MonthlyReport, report_id)
    return {
        "number": f"{report.office}/{report.month:%Y-%m}", "date": day_of(report.signed_at or report.made_at).isoformat(),
        "received": report.received, "deposited": report.deposited,
    }  # fmt: skip


REPORT_PAPERS = (
    Document(monthly_reports.REPORT, "monthly_report.typ", report_content, statement, lambda session, ident: "valid"),
    Document(monthly_reports.BOOK, "receipts_book.typ", book_content, statement, lambda session, ident: "valid"),
)
