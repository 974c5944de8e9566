"""`reports/finance-sts/receipts-and-deposits`: the treasurer's book of a month, as JSON, CSV, XLSX or PDF."""

from typing import Any

from flask import Response
from marshmallow import validate

from finance_sts.api.sheet_files import as_file
from finance_sts.model.ledger import LedgerEntry
from finance_sts.use_cases import monthly_reports
from finance_sts.use_cases import receipts_book as use_cases
from finance_sts.use_cases.listings import one_office
from smartcity.http import Blueprint, Schema, actor, fields, page, session

book = Blueprint("receipts_book", description="Buku Penerimaan dan Penyetoran.")


class BookQuery(Schema):
    month = fields.String(required=True, metadata={"description": "Year and month: 2026-02"})
    office = fields.Code(metadata={"description": "Asked of whoever oversees all offices"})
    format = fields.String(load_default="json", validate=validate.OneOf(["json", "csv", "xlsx", "pdf"]))


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


@book.get("/reports/finance-sts/receipts-and-deposits")
@book.arguments(BookQuery, location="query")
@book.paged(BookRowView)
def read_receipts_book(query: dict[str, Any]) -> dict[str, Any] | Response:
    """Every receipt and deposit of the month with what was in hand after it; the PDF once the month's report is signed."""
    office, month = one_office(actor(), query.get("office")), use_cases.month_named(query["month"])
    if query["format"] == "pdf":
        paper = monthly_reports.book_paper(session(), office, month)
        return Response(paper.pdf, headers=dict(paper.headers))
    if query["format"] != "json":
        return as_file(use_cases.sheet(session(), office, month), query["format"], f"bpp-{office}-{month:%Y-%m}")
    found = page(use_cases.entries_of(office, month), LedgerEntry.day, LedgerEntry.id)
    return found | {"items": list(use_cases.rows(session(), [found["items"]] if found["items"] else []))}
