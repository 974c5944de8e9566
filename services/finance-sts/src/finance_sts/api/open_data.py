"""`open-data/finance-sts/*`: what the city collects, month by month and account by account, for everybody; and what the figures mean."""

from datetime import date
from typing import Any

from flask import Response

from finance_sts.use_cases import revenue, sheets
from smartcity.calendar import day_of
from smartcity.http import Blueprint, Schema, fields, now, published, session
from smartcity.http.data_sets import DataSetView, data_set, data_sets

open_data = Blueprint("open_data", description="Totals of the city's retribution as open data, with their metadata. Nobody's payment.")
COLUMNS = ("month", "account_code", "account", "payments", "revenue")


class PeriodQuery(Schema):
    since = fields.Day(metadata={"description": "First day; left out: the first of the year"})
    until = fields.Day(metadata={"description": "Last day, at most a year after the first; left out: today"})


class PublishedRevenueView(Schema):
    month = fields.String(metadata={"example": "2026-02"})
    account_code = fields.String()
    account = fields.String()
    payments = fields.Whole()
    revenue = fields.Integer(metadata={"description": "Whole rupiah, what was given back taken off"})


class PublishedRevenueList(Schema):
    items = fields.List(fields.Nested(PublishedRevenueView))


class DataSetList(Schema):
    items = fields.List(fields.Nested(DataSetView))


def _rows(query: dict[str, date]) -> list[dict[str, Any]]:
    return revenue.published(session(), revenue.period(query.get("since"), query.get("until"), day_of(now())))


@open_data.get("/open-data/finance-sts/revenue.json")
@published
@open_data.arguments(PeriodQuery, location="query")
@open_data.response(200, PublishedRevenueList)
def list_published_revenue(query: dict[str, date]) -> dict[str, Any]:
    """What came in by month and account, over at most a year."""
    return {"items": _rows(query)}


@open_data.get("/open-data/finance-sts/revenue.csv")
@published
@open_data.arguments(PeriodQuery, location="query")
@open_data.response(200, {"type": "string"}, content_type=sheets.CSV)
def export_published_revenue(query: dict[str, date]) -> Response:
    """The same as CSV."""
    heads = [sheets.Column(name, name) for name in COLUMNS]
    with sheets.as_csv(sheets.Sheet("revenue", heads, ([row[name] for name in COLUMNS] for row in _rows(query)))) as made:
        return Response(made.read(), content_type=sheets.CSV)


@open_data.get("/open-data/finance-sts")
@published
@open_data.response(200, DataSetList)
def list_data_sets() -> dict[str, Any]:
    """The open data sets of the treasury, each with its metadata."""
    return {"items": data_sets("finance_sts")}


@open_data.get("/open-data/finance-sts/<string:code>/metadata")
@published
@open_data.response(200, DataSetView)
def show_data_set(code: str) -> dict[str, Any]:
    """What a data set means: concept, definition, classification, measure, unit, reference codes, columns."""
    return data_set("finance_sts", code)
