"""`reports/finance-sts/receipts-and-deposits`: the treasurer's book of a month, as JSON, CSV or XLSX."""

from datetime import date
from typing import Any

from flask import Response

from finance_sts.api.sheet_files import FORM, SPREADSHEET, as_file
from finance_sts.model.ledger import LedgerEntry
from finance_sts.use_cases import receipts_book as use_cases
from finance_sts.use_cases.listings import one_office
from finance_sts.use_cases.sheets import CSV
from smartcity.http import Blueprint, Schema, actor, fields, page, session

book = Blueprint("receipts_book", description="Buku Penerimaan dan Penyetoran.")


class BookQuery(Schema):
    month = fields.String(required=True, metadata={"description": "Year and month: 2026-02"})
    office = fields.Code(metadata={"description": "Asked of whoever oversees all offices"})


class BookLineView(Schema):
    account_code = fields.String()
    description = fields.String()
    amount = fields.Rupiah()


class BookRowView(Schema):
    day = fields.Day()
    at = fields.Moment()
    evidence_no = fields.String(metadata={"description": "Number of the receipt (SSRD) or of the slip (STS)"})
    way = fields.String(metadata={"description": "How it was paid, or `deposit`"})
    lines = fields.List(fields.Nested(BookLineView))
    received = fields.Rupiah()
    deposited = fields.Rupiah()
    balance = fields.Integer(metadata={"description": "In the treasurer's hand after it"})


def _asked(query: dict[str, Any]) -> tuple[str, date]:
    return one_office(actor(), query.get("office")), use_cases.month_named(query["month"])


@book.get("/reports/finance-sts/receipts-and-deposits")
@book.arguments(BookQuery, location="query")
@book.paged(BookRowView)
def read_receipts_book(query: dict[str, Any]) -> dict[str, Any]:
    """Every receipt and deposit of the month with what was in hand after it."""
    found = page(use_cases.entries_of(*_asked(query)), LedgerEntry.day, LedgerEntry.id)
    return found | {"items": list(use_cases.rows(session(), [found["items"]] if found["items"] else []))}


@book.get(f"/reports/finance-sts/receipts-and-deposits.{FORM}")
@book.arguments(BookQuery, location="query")
@book.doc(responses=SPREADSHEET)
@book.response(200, {"type": "string"}, content_type=CSV)
def export_receipts_book(query: dict[str, Any], form: str) -> Response:
    """The whole month as CSV or as a spreadsheet, with what was in hand before it and the sums."""
    office, month = _asked(query)
    return as_file(use_cases.sheet(session(), office, month), form, f"bpp-{office}-{month:%Y-%m}")
