"""`reports/finance-sts/accountability`: the treasurer's monthly report, signed by the 10th."""

from typing import Any
from uuid import UUID

from flask import Response

from finance_sts.api.sheet_files import FORM, SPREADSHEET, as_file
from finance_sts.model.monthly_report import MonthlyReport
from finance_sts.use_cases import monthly_reports as use_cases
from finance_sts.use_cases.listings import visible
from finance_sts.use_cases.sheets import CSV
from smartcity import documents
from smartcity.http import Blueprint, Schema, actor, case, fields, now, page, session

accountability = Blueprint("accountability", description="Laporan pertanggungjawaban Bendahara Penerimaan.")


class ReportView(Schema):
    id = fields.UUID()
    office = fields.String()
    month = fields.Day(metadata={"description": "First day of the month"})
    due_on = fields.Day(metadata={"description": "To be signed by then"})
    opening = fields.Integer()
    received = fields.Rupiah()
    deposited = fields.Rupiah()
    closing = fields.Integer()
    status = fields.String()
    made_at = fields.Moment()
    signed_at = fields.Moment(allow_none=True)
    late = fields.Boolean(metadata={"description": "Signed after it was due"})
    verify_code = fields.String(allow_none=True)


@accountability.get("/reports/finance-sts/accountability")
@accountability.paged(ReportView)
def list_monthly_reports() -> dict[str, Any]:
    """The monthly reports of my office, or of all for the treasury; newest first."""
    return page(visible(MonthlyReport, actor()), MonthlyReport.id.desc())


@accountability.get("/reports/finance-sts/accountability/<uuid:report_id>")
@accountability.response(200, ReportView)
def show_monthly_report(report_id: UUID) -> MonthlyReport:
    """One monthly report."""
    return case(MonthlyReport, report_id)


@accountability.post("/reports/finance-sts/accountability/<uuid:report_id>/signature")
@accountability.response(200, ReportView)
def sign_monthly_report(report_id: UUID) -> MonthlyReport:
    """The treasurer answers for the month: report and book are stored as they are now, for good."""
    return use_cases.sign(session(), case(MonthlyReport, report_id), actor(), now())


@accountability.get(f"/reports/finance-sts/accountability/<uuid:report_id>.{FORM}")
@accountability.doc(responses=SPREADSHEET)
@accountability.response(200, {"type": "string"}, content_type=CSV)
def export_monthly_report(report_id: UUID, form: str) -> Response:
    """Its table as CSV or as a spreadsheet."""
    report = case(MonthlyReport, report_id)
    return as_file(use_cases.sheet(session(), report), form, f"lpj-{report.office}-{report.month:%Y-%m}")


@accountability.get("/reports/finance-sts/accountability/<uuid:report_id>/document")
@accountability.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def read_monthly_report_document(report_id: UUID) -> Response:
    """The signed report: PDF with QR, the same bytes every time."""
    return _paper(use_cases.REPORT, report_id)


@accountability.get("/reports/finance-sts/accountability/<uuid:report_id>/book")
@accountability.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
def read_signed_book(report_id: UUID) -> Response:
    """The book of receipts and deposits that was signed with it, likewise."""
    return _paper(use_cases.BOOK, report_id)


def _paper(kind: str, report_id: UUID) -> Response:
    paper = documents.deliver(session(), kind, case(MonthlyReport, report_id).id)
    return Response(paper.pdf, headers=dict(paper.headers))
