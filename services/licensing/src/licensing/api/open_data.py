"""`open-data/licensing/…`: list and map of the building permits that were issued, for everybody, and what the data sets mean."""

from typing import Any

from flask import Response
from marshmallow import validate

from licensing.api.published import as_csv, as_geojson, page_of
from licensing.model.permit import Permit
from licensing.use_cases import published_permits
from smartcity.errors import InputWrong
from smartcity.http import Blueprint, Schema, fields, page, published
from smartcity.http.data_sets import DataSetView, data_set, data_sets

open_data = Blueprint("open_data", description="Building permits as open data, with their metadata. Nobody's name.")


class Degrees(fields.Float):
    """WGS 84, finite."""

    def __init__(self) -> None:
        super().__init__(allow_nan=False, validate=validate.Range(-180, 180))


class PermitsQuery(Schema):
    permit_type = fields.Code(load_default="PBG", metadata={"description": "A kind of permit for buildings: PBG, or IMB of before 2021"})


class MapQuery(PermitsQuery):
    west = Degrees()
    south = Degrees()
    east = Degrees()
    north = Degrees()


class PublishedPermitView(Schema):
    number = fields.String()
    permit_type = fields.String()
    status = fields.String()
    kelurahan_code = fields.String()
    kecamatan_code = fields.String()
    month = fields.String(metadata={"description": "Of issue", "example": "2026-02"})
    latitude = fields.Float(allow_none=True)
    longitude = fields.Float(allow_none=True)


class MapView(Schema):
    type = fields.String()
    features = fields.List(fields.Dict())
    next = fields.String(allow_none=True)


class DataSetList(Schema):
    items = fields.List(fields.Nested(DataSetView))
    next = fields.String(allow_none=True)


def _newest(query: dict[str, Any]) -> dict[str, Any]:
    found = page(published_permits.published(query["permit_type"]), Permit.id.desc())
    return {"items": published_permits.rows(found["items"]), "next": found["next"]}


def _box(query: dict[str, Any]) -> published_permits.Box | None:
    sides = [query.get(name) for name in ("west", "south", "east", "north")]
    given = [side for side in sides if side is not None]
    if not given:
        return None
    if len(given) < len(sides):
        raise InputWrong({name: ["required"] for name in ("west", "south", "east", "north") if query.get(name) is None})
    west, south, east, north = given
    return west, south, east, north


@open_data.get("/open-data/licensing/permits.json")
@published
@open_data.arguments(PermitsQuery, location="query")
@open_data.paged(PublishedPermitView)
def list_published_permits(query: dict[str, Any]) -> dict[str, Any]:
    """Building permits that were issued, newest first, without names."""
    return _newest(query)


@open_data.get("/open-data/licensing/permits.csv")
@published
@page_of
@open_data.arguments(PermitsQuery, location="query")
@open_data.response(200, {"type": "string"}, content_type="text/csv")
def export_published_permits(query: dict[str, Any]) -> Response:
    """The same list as CSV; the next page stands in the header `Link`."""
    return as_csv(published_permits.COLUMNS, _newest(query)["items"])


@open_data.get("/open-data/licensing/permits.geojson")
@published
@page_of
@open_data.arguments(MapQuery, location="query")
@open_data.response(200, MapView, content_type="application/geo+json")
def export_permit_map(query: dict[str, Any]) -> Response:
    """The same permits as GeoJSON (RFC 7946): all, newest first, or those inside a box of the map."""
    permits, box = published_permits.published(query["permit_type"]), _box(query)
    found = page(published_permits.inside(permits, box), Permit.cell, Permit.id) if box else page(permits, Permit.id.desc())
    features = [published_permits.feature(row) for row in published_permits.rows(found["items"])]
    return as_geojson({"type": "FeatureCollection", "features": features, "next": found["next"]})


@open_data.get("/open-data/licensing")
@published
@open_data.response(200, DataSetList)
def list_data_sets() -> dict[str, Any]:
    """The open data sets of this office, each with its metadata."""
    return {"items": data_sets("licensing"), "next": None}


@open_data.get("/open-data/licensing/<string:code>/metadata")
@published
@open_data.response(200, DataSetView)
def show_data_set(code: str) -> dict[str, Any]:
    """What a data set means: concept, definition, classification, measure, unit, reference codes, columns."""
    return data_set("licensing", code)
