"""`statistics/licensing/permits`: what was issued, how soon, how often in time, for how much; by month, kecamatan and type."""

from datetime import date
from typing import Any

from flask import Response
from marshmallow import validate

from licensing.api.published import as_csv
from licensing.use_cases import permit_statistics
from smartcity.http import Blueprint, Schema, fields, now, published, session

statistics = Blueprint("permit_statistics", description="Figures of the permits that were issued, for everybody.")


class Month(fields.String):
    """A month, `2026-02`."""

    def __init__(self, **more: Any) -> None:
        super().__init__(validate=validate.Regexp(r"20[0-9]{2}-(0[1-9]|1[0-2])\Z", error="month-malformed"), **more)


class FiguresQuery(Schema):
    since = Month(metadata={"description": "First month; left out: eleven before the last", "example": "2026-01"})
    until = Month(metadata={"description": "Last month; left out: this one", "example": "2026-06"})


class FigureView(Schema):
    month = fields.String()
    kecamatan_code = fields.String()
    kecamatan = fields.String()
    permit_type = fields.String()
    permits = fields.Whole()
    median_days = fields.Exact(allow_none=True, metadata={"description": "Days of the calendar from the first submission to the issue"})
    share_within_clock = fields.Exact(allow_none=True, metadata={"description": "Of one: every step of the office within its clock"})
    retribution_total = fields.Rupiah()


class FiguresView(Schema):
    items = fields.List(fields.Nested(FigureView))


def _figures(query: dict[str, str]) -> list[dict[str, Any]]:
    since, until = (date.fromisoformat(f"{query[name]}-01") if name in query else None for name in ("since", "until"))
    return permit_statistics.figures(session(), *permit_statistics.months(since, until, now()))


@statistics.get("/statistics/licensing/permits")
@published
@statistics.arguments(FiguresQuery, location="query")
@statistics.response(200, FiguresView)
def show_permit_figures(query: dict[str, str]) -> dict[str, Any]:
    """At most twelve months, by kecamatan and permit type."""
    return {"items": _figures(query)}


@statistics.get("/open-data/licensing/permit-statistics.csv")
@published
@statistics.arguments(FiguresQuery, location="query")
@statistics.response(200, {"type": "string"}, content_type="text/csv")
def export_permit_figures(query: dict[str, str]) -> Response:
    """The same figures as CSV."""
    return as_csv(permit_statistics.COLUMNS, _figures(query))
