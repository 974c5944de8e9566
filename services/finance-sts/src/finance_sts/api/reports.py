"""`reports/finance-sts/*`: revenue, arrears by age, the position of a day; as JSON, CSV or XLSX."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Response
from marshmallow import validate

from finance_sts.api.sheet_files import FORM, SPREADSHEET, as_file
from finance_sts.use_cases import arrears, daily_position, revenue, sheets
from finance_sts.use_cases.listings import office_seen
from smartcity.calendar import day_of
from smartcity.http import Blueprint, Schema, actor, fields, now, session

reports = Blueprint("reports", description="Figures for whoever answers for the money: of one's own office, or of all.")
LABELS = {
    "key": "Kode", "name": "Uraian", "payments": "Banyaknya pembayaran", "received": "Diterima (Rp)", "given_back": "Dikembalikan (Rp)",
    "corrected": "Koreksi (Rp)", "revenue": "Pendapatan (Rp)", "target": "Target setahun (Rp)", "percent_of_target": "Persen dari target", "office": "Perangkat daerah",
    "age": "Umur", "bills": "Banyaknya SKRD", "outstanding": "Belum dibayar (Rp)", "bills_issued": "SKRD terbit", "billed": "Ditetapkan (Rp)",
    "deposited": "Disetor (Rp)", "validated": "Tervalidasi bank (Rp)", "in_hand": "Masih di tangan (Rp)", "in_hand_since": "Di tangan sejak",
    "refunds_late": "Pengembalian lewat waktu",
}  # fmt: skip


class OfficeQuery(Schema):
    office = fields.Code(metadata={"description": "Asked of whoever oversees all offices; left out: all of them"})


class RevenueQuery(OfficeQuery):
    by = fields.String(load_default="account", validate=validate.OneOf(sorted(revenue.KEYS)))
    since = fields.Day(metadata={"description": "First day; left out: the first of the year"})
    until = fields.Day(metadata={"description": "Last day, at most a year after the first; left out: today"})


class RevenueView(Schema):
    key = fields.String(allow_none=True, metadata={"description": "Account, office, channel, kecamatan, month or day; null: not told"})
    name = fields.String()
    payments = fields.Whole()
    received = fields.Rupiah()
    given_back = fields.Rupiah()
    corrected = fields.Integer(metadata={"description": "What entries that put others right added or took; whole rupiah, also below 0"})
    revenue = fields.Integer(
        metadata={"description": "Received and corrected without what was given back, whole rupiah; of a day it may be below 0"}
    )
    target = fields.Rupiah(allow_none=True, metadata={"description": "Of the whole year"})
    percent_of_target = fields.String(allow_none=True)


class RevenueReport(Schema):
    since = fields.Day()
    until = fields.Day()
    by = fields.String()
    total = fields.Integer()
    items = fields.List(fields.Nested(RevenueView))


class ArrearsView(Schema):
    office = fields.String()
    age = fields.String(metadata={"description": "not_due, or days after the due date by class"})
    bills = fields.Whole()
    outstanding = fields.Rupiah()


class ArrearsReport(Schema):
    day = fields.Day()
    total = fields.Rupiah()
    items = fields.List(fields.Nested(ArrearsView))


class PositionQuery(OfficeQuery):
    day = fields.Day(metadata={"description": "Left out: today"})


class PositionView(Schema):
    office = fields.String()
    bills_issued = fields.Whole()
    billed = fields.Rupiah()
    payments = fields.Whole()
    received = fields.Rupiah()
    deposited = fields.Rupiah()
    validated = fields.Rupiah()
    in_hand = fields.Rupiah(metadata={"description": "Not on its way to the city's account yet, of whatever day, as it is now"})
    in_hand_since = fields.Day(allow_none=True)
    refunds_late = fields.Whole(metadata={"description": "Still to be agreed to, assessed or paid although its day is over, as it is now"})


class PositionReport(Schema):
    day = fields.Day()
    items = fields.List(fields.Nested(PositionView))


def _today() -> date:
    return day_of(now())


def _revenue(query: dict[str, Any]) -> dict[str, Any]:
    days = revenue.period(query.get("since"), query.get("until"), _today())
    items = revenue.by(session(), query["by"], days, office_seen(actor(), query.get("office")))
    return {"since": days[0], "until": days[1], "by": query["by"], "total": sum(item["revenue"] for item in items), "items": items}


def _arrears(query: dict[str, Any]) -> dict[str, Any]:
    items = arrears.by_age(session(), _today(), office_seen(actor(), query.get("office")))
    return {"day": _today(), "total": sum(item["outstanding"] for item in items), "items": items}


def _position(query: dict[str, Any]) -> dict[str, Any]:
    day = query.get("day") or _today()
    return {"day": day, "items": daily_position.position(session(), day, office_seen(actor(), query.get("office")))}


def _sent(form: str, title: str, columns: Sequence[str], found: dict[str, Any]) -> Response:
    heads = [sheets.Column(name, LABELS[name], _kind(name)) for name in columns]
    rows = ([item[name] for name in columns] for item in found["items"])
    return as_file(sheets.Sheet(title, heads, rows), form, "-".join([title.lower().replace(" ", "-"), *_days(found)]))


def _days(found: dict[str, Any]) -> list[str]:
    return [found[name].isoformat() for name in ("since", "until", "day") if name in found]


def _kind(name: str) -> sheets.Kind:
    return "rupiah" if "(Rp)" in LABELS[name] else "day" if name == "in_hand_since" else "text"


@reports.get("/reports/finance-sts/revenue")
@reports.arguments(RevenueQuery, location="query")
@reports.response(200, RevenueReport)
def show_revenue_report(query: dict[str, Any]) -> dict[str, Any]:
    """What has come in over a period, against the year's target, as the books say it."""
    return _revenue(query)


@reports.get(f"/reports/finance-sts/revenue.{FORM}")
@reports.arguments(RevenueQuery, location="query")
@reports.doc(responses=SPREADSHEET)
@reports.response(200, {"type": "string"}, content_type=sheets.CSV)
def export_revenue_report(query: dict[str, Any], form: str) -> Response:
    """The same as CSV or as a spreadsheet."""
    return _sent(form, "Pendapatan", revenue.COLUMNS, _revenue(query))


@reports.get("/reports/finance-sts/arrears")
@reports.arguments(OfficeQuery, location="query")
@reports.response(200, ArrearsReport)
def show_arrears_report(query: dict[str, Any]) -> dict[str, Any]:
    """What is owed now, by how long it has been due."""
    return _arrears(query)


@reports.get(f"/reports/finance-sts/arrears.{FORM}")
@reports.arguments(OfficeQuery, location="query")
@reports.doc(responses=SPREADSHEET)
@reports.response(200, {"type": "string"}, content_type=sheets.CSV)
def export_arrears_report(query: dict[str, Any], form: str) -> Response:
    """The same as CSV or as a spreadsheet."""
    return _sent(form, "Piutang menurut umur", arrears.COLUMNS, _arrears(query))


@reports.get("/reports/finance-sts/daily-position")
@reports.arguments(PositionQuery, location="query")
@reports.response(200, PositionReport)
def show_daily_position(query: dict[str, Any]) -> dict[str, Any]:
    """Where every office stands: billed, received, deposited, validated on a day, and what is in hand."""
    return _position(query)


@reports.get(f"/reports/finance-sts/daily-position.{FORM}")
@reports.arguments(PositionQuery, location="query")
@reports.doc(responses=SPREADSHEET)
@reports.response(200, {"type": "string"}, content_type=sheets.CSV)
def export_daily_position(query: dict[str, Any], form: str) -> Response:
    """The same as CSV or as a spreadsheet."""
    return _sent(form, "Posisi harian", daily_position.COLUMNS, _position(query))
