"""`permit-applications/{id}/clearances`: what other offices must say, and their answers."""

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import validate

from licensing.model.clearance import Answer, Clearance
from licensing.model.permit_application import PermitApplication
from licensing.use_cases import clearances as use_cases
from smartcity.http import Blueprint, Schema, actor, case, fields, now, page, session

clearances = Blueprint("clearances", description="What other offices say before the approval.")


class ClearanceView(Schema):
    """`due_on` is null while the clock stands; `by_silence`: nobody answered in time, which is an approval by the type's rule."""

    id = fields.UUID()
    application_id = fields.UUID()
    code = fields.String()
    turn = fields.Whole()
    office = fields.String()
    what = fields.String()
    days = fields.Whole()
    working = fields.Boolean(metadata={"description": "Working days; otherwise days of the calendar"})
    used = fields.Whole()
    due_on = fields.Day(allow_none=True)
    silence = fields.String()
    legal_basis = fields.String()
    asked_at = fields.Moment()
    answer = fields.String(allow_none=True)
    by_silence = fields.Boolean()
    answered_at = fields.Moment(allow_none=True)
    reasons = fields.List(fields.String())


class NeededDocumentView(Schema):
    id = fields.UUID()
    kind = fields.String()
    uploaded_at = fields.Moment()


class QuestionView(ClearanceView):
    """What the office needs to answer: where and what, not who."""

    application_no = fields.String(attribute="application.number")
    permit_type = fields.String(attribute="application.permit_type")
    site_address = fields.String(attribute="application.site_address")
    kelurahan_code = fields.String(attribute="application.kelurahan_code")
    answers = fields.Dict(attribute="application.answers")
    documents = fields.List(fields.Nested(NeededDocumentView), attribute="needed_documents")


class AnswerRequest(Schema):
    answer = fields.Enum(Answer, by_value=True, required=True)
    reasons = fields.List(
        fields.Text(min=1, max=500), load_default=list, validate=validate.Length(max=20),
        metadata={"description": "Sentences for the applicant; needed for a refusal", "example": ["Jalan masuk kurang lebar."]},
    )  # fmt: skip


def question(application_id: UUID, clearance_id: UUID) -> Clearance:
    return use_cases.show(session(), actor(), application_id, case(Clearance, clearance_id))


@clearances.get("/permit-applications/<uuid:application_id>/clearances")
@clearances.paged(ClearanceView)
def list_clearances(application_id: UUID) -> dict[str, Any]:
    """What was asked of other offices, and what they said."""
    found = use_cases.listed(session(), actor(), case(PermitApplication, application_id))
    return page(found, Clearance.code, Clearance.turn)


@clearances.get("/permit-applications/<uuid:application_id>/clearances/<uuid:clearance_id>")
@clearances.response(200, QuestionView)
def show_clearance(application_id: UUID, clearance_id: UUID) -> Clearance:
    """One question to my office, without the applicant's person."""
    return question(application_id, clearance_id)


@clearances.get("/permit-applications/<uuid:application_id>/clearances/<uuid:clearance_id>/documents/<uuid:document_id>")
@clearances.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def read_clearance_document(application_id: UUID, clearance_id: UUID, document_id: UUID) -> Response:
    """A document that my office needs for its answer."""
    served = use_cases.read_document(session(), actor(), question(application_id, clearance_id), document_id)
    return Response(served.body, headers=dict(served.headers))


@clearances.post("/permit-applications/<uuid:application_id>/clearances/<uuid:clearance_id>/answer")
@clearances.arguments(AnswerRequest)
@clearances.response(200, ClearanceView)
def answer_clearance(request: dict[str, Any], application_id: UUID, clearance_id: UUID) -> Clearance:
    """My office approves, or refuses saying why."""
    found = question(application_id, clearance_id)
    return use_cases.answer(found, actor(), request["answer"], tuple(request["reasons"]), now())
