"""`satisfaction/surveys`, `satisfaction/index`: what reporters say of the service, and the index made of it."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import validate

from complaints.api.complaints import label
from complaints.model.satisfaction_survey import SatisfactionSurvey
from complaints.use_cases import satisfaction as use_cases
from smartcity.http import Blueprint, Schema, actor, fields, idempotent, now, session

satisfaction = Blueprint("satisfaction", description="The citizens' satisfaction index (IKM/SKM), by two instruments.")
NEWEST = "permenpan-rb-14-2017"
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class SurveyRequest(Schema):
    complaint_id = fields.UUID(metadata={"description": "My own closed complaint; or its token"})
    follow_up_token = fields.String(validate=validate.Length(1, 80))
    instrument = fields.Code(load_default=NEWEST)
    scores = fields.Dict(
        keys=fields.Code(), values=fields.Whole(min=1, max=4), required=True, metadata={"description": "1 to 4 by element"}
    )


class SurveyView(Schema):
    id = fields.UUID()
    complaint_id = fields.UUID()
    instrument = fields.String()
    scores = fields.Dict()
    given_at = fields.Moment()


class IndexQuery(Schema):
    instrument = fields.Code(load_default=NEWEST)
    office = fields.Code()
    since = fields.Moment(load_default=EARLIEST)
    until = fields.Moment(load_default=LATEST)
    weight = fields.String(load_default="exact", validate=validate.OneOf(["exact", "printed"]))


class ElementView(Schema):
    element = fields.String()
    label = fields.String()
    mean = fields.Exact()
    answers = fields.Whole()


class IndexView(Schema):
    instrument = fields.String()
    legal_basis = fields.String()
    office = fields.String(allow_none=True)
    respondents = fields.Whole()
    index = fields.Exact(allow_none=True)
    ikm = fields.Exact(allow_none=True)
    grade = fields.String(allow_none=True)
    elements = fields.List(fields.Nested(ElementView))
    weakest = fields.List(fields.String())


@satisfaction.post("/satisfaction/surveys")
@idempotent
@satisfaction.arguments(SurveyRequest)
@satisfaction.response(201, SurveyView)
def give_survey(request: dict[str, Any]) -> SatisfactionSurvey:
    """My scores for the service, once my complaint is closed."""
    return use_cases.give(session(), actor(), request, now())


@satisfaction.get("/satisfaction/index")
@satisfaction.arguments(IndexQuery, location="query")
@satisfaction.response(200, IndexView)
def show_satisfaction_index(query: dict[str, Any]) -> dict[str, Any]:
    """The index of an office, or of all, with its elements and the three weakest."""
    found = use_cases.measured(session(), query)
    return {**found, "elements": [{**row, "label": label(f"element.{row['element']}")} for row in found["elements"]]}
