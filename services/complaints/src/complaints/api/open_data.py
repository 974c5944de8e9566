"""`statistics/complaints`, `open-data/complaints/*`: figures and the map, for everybody."""

from typing import Any

from flask import Response, current_app
from marshmallow import validate

from complaints.api.complaints import label
from complaints.model.complaint import Complaint
from complaints.rules.map_grid import DEEPEST_ZOOM
from complaints.use_cases import city_map, statistics
from smartcity.http import Blueprint, Schema, fields, now, published, session
from smartcity.http.data_sets import DataSetView, data_set, data_sets

GEOJSON = "application/geo+json"
open_data = Blueprint("open_data", description="Figures and the map, for everybody. Nobody's name, nobody's words.")


class Degrees(fields.Float):
    """WGS 84, finite."""

    def __init__(self) -> None:
        super().__init__(required=True, allow_nan=False, validate=validate.Range(-180, 180))


class FiguresQuery(Schema):
    by = fields.String(load_default="office", validate=validate.OneOf(sorted(statistics.KEYS)))
    since = fields.Moment(metadata={"description": "Filed from; left out: a year ago"})
    until = fields.Moment(metadata={"description": "Filed before; left out: now"})
    office = fields.Code(metadata={"description": "Of one office alone"})
    category = fields.Code(metadata={"description": "Of one category alone"})
    kecamatan_code = fields.Code(metadata={"description": "Of one kecamatan alone"})


class FigureView(Schema):
    key = fields.String()
    label = fields.String()
    filed = fields.Whole()
    verified = fields.Whole()
    verified_in_time = fields.Whole()
    answered = fields.Whole()
    answered_in_time = fields.Whole()
    closed = fields.Whole(metadata={"description": "Closed today: what was reopened counts only when it is closed again"})
    reopened = fields.Whole()
    median_hours = fields.Exact(allow_none=True, metadata={"description": "From filing to the newest answer"})
    rating = fields.Exact(allow_none=True)


class FiguresView(Schema):
    items = fields.List(fields.Nested(FigureView))


class DataSetList(Schema):
    items = fields.List(fields.Nested(DataSetView))
    next = fields.String(allow_none=True)


class MapQuery(Schema):
    west = Degrees()
    south = Degrees()
    east = Degrees()
    north = Degrees()
    zoom = fields.Integer(
        validate=validate.Range(0, DEEPEST_ZOOM),
        metadata={"description": "Of the map: what lies close together there is counted, not listed"},
    )


class MapView(Schema):
    type = fields.String()
    features = fields.List(fields.Dict())


def _figures(query: dict[str, Any]) -> list[dict[str, Any]]:
    since, until = statistics.last_year(now())
    return statistics.figures(session(), {"since": since, "until": until, **query}, label)


@open_data.get("/statistics/complaints")
@published
@open_data.arguments(FiguresQuery, location="query")
@open_data.response(200, FiguresView)
def show_complaint_figures(query: dict[str, Any]) -> dict[str, Any]:
    """What was filed in a period of at most a year: in time, answered, closed, reopened, by office, category, kecamatan or month."""
    return {"items": _figures(query)}


@open_data.get("/open-data/complaints/statistics.csv")
@published
@open_data.arguments(FiguresQuery, location="query")
@open_data.response(200, {"type": "string"}, content_type="text/csv")
def export_complaint_figures(query: dict[str, Any]) -> Response:
    """The same figures as CSV."""
    return Response(statistics.as_csv(_figures(query)), content_type="text/csv; charset=utf-8")


@open_data.get("/open-data/complaints")
@published
@open_data.response(200, DataSetList)
def list_data_sets() -> dict[str, Any]:
    """The open data sets of complaints, each with its metadata."""
    return {"items": data_sets("complaints"), "next": None}


@open_data.get("/open-data/complaints/<string:code>/metadata")
@published
@open_data.response(200, DataSetView)
def show_data_set(code: str) -> dict[str, Any]:
    """What a data set means: concept, definition, classification, measure, unit, reference codes, columns."""
    return data_set("complaints", code)


@open_data.get("/open-data/complaints/complaints.geojson")
@open_data.arguments(MapQuery, location="query")
@open_data.response(200, MapView, content_type=GEOJSON)
def export_map(query: dict[str, Any]) -> Response:
    """Public complaints inside a box of the map, as GeoJSON (RFC 7946): at most a thousand; with `zoom` clusters where they are more than 200."""
    box = (query["west"], query["south"], query["east"], query["north"])
    counted = city_map.clusters(session(), box, query["zoom"]) if "zoom" in query else None
    features = [_point(one) for one in city_map.on_the_map(session(), box)] if counted is None else [_cluster(one) for one in counted]
    whole = {"type": "FeatureCollection", "features": features}
    return Response(current_app.json.dumps(MapView().dump(whole)), content_type=GEOJSON)


def _point(one: Complaint) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": str(one.id),
        "geometry": {"type": "Point", "coordinates": [one.longitude, one.latitude]},
        "properties": {"number": one.number, "category": one.category, "title": one.title, "status": one.status.value},
    }


def _cluster(one: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": [one["longitude"], one["latitude"]]}
    return {"type": "Feature", "geometry": geometry, "properties": {"cluster": True, "count": one["count"]}}
