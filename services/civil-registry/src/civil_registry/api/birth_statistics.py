"""`statistics/civil-registry/births` and `open-data/civil-registry/…`: how many births, how soon a certificate, and what the data set means."""

from datetime import date
from typing import Any

from flask import Response
from marshmallow import validate

from civil_registry.use_cases import birth_statistics
from smartcity.http import Blueprint, Schema, fields, now, published, session
from smartcity.http.data_sets import DataSetView, data_set, data_sets

statistics = Blueprint(
    "birth_statistics", description="Figures of registered births as open data. Small counts are hidden, nobody is named."
)
MONTH = r"[0-9]{4}-(0[1-9]|1[0-2])\Z"


class FiguresQuery(Schema):
    by = fields.String(
        load_default="kelurahan", validate=validate.OneOf(tuple(birth_statistics.KEYS)), metadata={"description": "Kind: in_time, late"}
    )
    since = fields.String(validate=validate.Regexp(MONTH, error="month-malformed"), metadata={"example": "2026-01"})
    until = fields.String(
        validate=validate.Regexp(MONTH, error="month-malformed"), metadata={"description": "Last month; left out: this one"}
    )


class FigureView(Schema):
    month = fields.String(metadata={"description": "Of the registration", "example": "2026-02"})
    by = fields.String()
    key = fields.String()
    label = fields.String()
    births = fields.Whole(allow_none=True)
    median_days = fields.Exact(allow_none=True, metadata={"description": "Days from the first submission to the certificate"})
    longest_days = fields.Exact(allow_none=True)
    suppressed = fields.Boolean(metadata={"description": "Too few to be told, or told by the sum of the others"})


class FiguresView(Schema):
    items = fields.List(fields.Nested(FigureView))


class DataSetList(Schema):
    items = fields.List(fields.Nested(DataSetView))
    next = fields.String(allow_none=True)


def _figures(query: dict[str, str]) -> list[dict[str, Any]]:
    since, until = (_month(query.get(name)) for name in ("since", "until"))
    return birth_statistics.figures(session(), query["by"], birth_statistics.months(since, until, now()))


def _month(text: str | None) -> date | None:
    return birth_statistics.first_day(text) if text else None


@statistics.get("/statistics/civil-registry/births")
@published
@statistics.arguments(FiguresQuery, location="query")
@statistics.response(200, FiguresView)
def show_birth_figures(query: dict[str, str]) -> dict[str, Any]:
    """At most twelve months, by kelurahan, sex, or in time and late."""
    return {"items": _figures(query)}


@statistics.get("/open-data/civil-registry/births.csv")
@published
@statistics.arguments(FiguresQuery, location="query")
@statistics.response(200, {"type": "string"}, content_type="text/csv")
def export_birth_figures(query: dict[str, str]) -> Response:
    """The same figures as CSV."""
    return Response(birth_statistics.as_csv(_figures(query)), content_type="text/csv; charset=utf-8")


@statistics.get("/open-data/civil-registry")
@published
@statistics.response(200, DataSetList)
def list_data_sets() -> dict[str, Any]:
    """The open data sets of this office, each with its metadata."""
    return {"items": data_sets("civil_registry"), "next": None}


@statistics.get("/open-data/civil-registry/<string:code>/metadata")
@published
@statistics.response(200, DataSetView)
def show_data_set(code: str) -> dict[str, Any]:
    """What a data set means: concept, definition, classification, measure, unit, reference codes, columns."""
    return data_set("civil_registry", code)
