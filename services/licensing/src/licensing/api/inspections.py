"""`inspections`: opened by a complaint or an officer, scheduled, carried out, concluded or cancelled."""

from typing import Any
from uuid import UUID

from flask import Response, request
from marshmallow import validate

from licensing.api.visits import ChecklistLine, PhotoForm, PhotoView
from licensing.model.inspection import Inspection, InspectionPhoto
from licensing.model.inspection_status import InspectionStatus, Outcome
from licensing.use_cases import inspection_terms
from licensing.use_cases import inspections as use_cases
from smartcity.http import Blueprint, Schema, actor, case, fields, idempotent, now, page, session, shown
from smartcity.http.languages import language
from smartcity.http.problems import messages

inspections = Blueprint("inspections", description="Inspections of buildings, for complaints and of the office's own accord.")


class ComplaintStandingView(Schema):
    """The complaint it was opened for, as it stands by the newest word of complaints."""

    number = fields.String()
    standing = fields.String()
    standing_since = fields.Moment()
    original_no = fields.String(allow_none=True, metadata={"description": "Of which it is a duplicate"})


class InspectionLineView(Schema):
    id = fields.UUID()
    number = fields.String()
    office = fields.String()
    status = fields.String()
    status_since = fields.Moment()
    kelurahan_code = fields.String()
    opened_at = fields.Moment()
    due_on = fields.Day(allow_none=True, metadata={"description": "By when the office should have concluded it; null once it has ended"})
    day = fields.Day(allow_none=True, metadata={"description": "When it is carried out"})
    complaint_id = fields.UUID(allow_none=True)
    complaint = fields.Nested(ComplaintStandingView, allow_none=True)
    outcome_code = fields.String(allow_none=True)


class InspectionView(InspectionLineView):
    follows_id = fields.UUID(allow_none=True)
    site_address = fields.String(allow_none=True)
    cause = fields.String(allow_none=True)
    inspector_sub = fields.String(allow_none=True)
    legal_basis = fields.String(metadata={"description": "Of its clock"})
    lost = fields.Whole(metadata={"description": "Minutes of its days in which the suite itself was down, given back"})
    photos = fields.List(fields.Nested(PhotoView))
    checklist = fields.List(fields.Nested(ChecklistLine))
    report = fields.String(allow_none=True)
    measures = fields.List(fields.String())
    permit_id = fields.UUID(allow_none=True)
    reason_code = fields.String(allow_none=True)


PERMIT_NO = {"description": "The permit of the building, where one is known: its holder takes no step on the inspection"}


class InspectionRequest(Schema):
    kelurahan_code = fields.Code(required=True, metadata={"example": "12.71.01.1001"})
    site_address = fields.Text(min=3, max=300, required=True, metadata={"example": "Jalan Sisingamangaraja 40, Medan"})
    cause = fields.Text(
        min=3, max=500, required=True, metadata={"example": "Pengawasan berkala: bangunan berlantai empat tanpa papan izin."}
    )
    follows_id = fields.UUID(metadata={"description": "A concluded inspection of the office that this one follows"})
    permit_no = fields.Text(max=80, metadata=PERMIT_NO)


class PlanRequest(Schema):
    day = fields.Day(required=True, metadata={"description": "A working day, today or ahead", "example": "2026-12-02"})
    inspector_sub = fields.Code(metadata={"description": "Who goes there; left out: who asks"})
    site_address = fields.Text(min=3, max=300)
    permit_no = fields.Text(max=80, metadata=PERMIT_NO)


class ConclusionRequest(Schema):
    """Every line of the checklist, unless the place was not accessible."""

    checklist = fields.List(fields.Nested(ChecklistLine), required=True, validate=validate.Length(max=100))
    report = fields.Text(min=3, max=10_000, required=True)
    outcome_code = fields.Enum(Outcome, by_value=True, required=True)
    measures = fields.List(fields.Code(), load_default=list, validate=validate.Length(max=20))
    permit_no = fields.Text(
        max=80, metadata={"description": "The permit of the building, where it has one; left out: the one that is known"}
    )


class CancellationRequest(Schema):
    reason_code = fields.Code(required=True)


class ListQuery(Schema):
    status = fields.Enum(InspectionStatus, by_value=True)


class LineTermsView(Schema):
    code = fields.String()
    label = fields.String()


class MeasureTermsView(LineTermsView):
    legal_basis = fields.String()


class OutcomeTermsView(LineTermsView):
    permit = fields.String(metadata={"enum": ["optional", "required", "none"], "description": "Is the building's permit named?"})
    measures = fields.List(fields.String(), metadata={"description": "What may be ordered or recommended"})


class InspectionTermsView(Schema):
    legal_basis = fields.String()
    sample = fields.Boolean(metadata={"description": "Something in it is unconfirmed"})
    clock = fields.Raw()
    photos = fields.Whole(metadata={"description": "How many must show a place in Medan"})
    checklist = fields.List(fields.Nested(LineTermsView))
    outcomes = fields.List(fields.Nested(OutcomeTermsView))
    measures = fields.List(fields.Nested(MeasureTermsView))


def _labelled(group: str, code: str, more: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "label": messages().label(f"inspection.{group}.{code}", language()), **more}


@inspections.get("/inspections/terms")
@inspections.response(200, InspectionTermsView)
def show_inspection_terms() -> dict[str, Any]:
    """What is looked at, and what may come of it."""
    terms = inspection_terms.terms()
    return {
        **terms,
        "checklist": [_labelled("checklist", code, {}) for code in terms["checklist"]],
        "outcomes": [_labelled("outcome", code, more) for code, more in terms["outcomes"].items()],
        "measures": [_labelled("measure", code, more) for code, more in terms["measures"].items()],
    }


@inspections.get("/inspections")
@inspections.arguments(ListQuery, location="query")
@inspections.paged(InspectionLineView)
def list_inspections(query: dict[str, Any]) -> dict[str, Any]:
    """The inspections of my office, newest first."""
    return page(use_cases.listed(actor(), query.get("status")), Inspection.id.desc())


@inspections.post("/inspections")
@idempotent
@inspections.arguments(InspectionRequest)
@inspections.response(201, InspectionView)
def open_inspection(request: dict[str, Any]) -> Inspection:
    """Open an inspection of the office's own accord, or one that follows another."""
    return shown(use_cases.file(session(), actor(), request, now()))


@inspections.get("/inspections/<uuid:inspection_id>")
@inspections.response(200, InspectionView)
def show_inspection(inspection_id: UUID) -> Inspection:
    """One inspection, with how its complaint stands."""
    return case(Inspection, inspection_id)


@inspections.post("/inspections/<uuid:inspection_id>/schedule")
@inspections.arguments(PlanRequest)
@inspections.response(200, InspectionView)
def schedule_inspection(request: dict[str, Any], inspection_id: UUID) -> Inspection:
    """Say who goes there on which day; again: somebody else, or another day."""
    return use_cases.schedule(session(), case(Inspection, inspection_id), actor(), request, now())


@inspections.post("/inspections/<uuid:inspection_id>/photos")
@inspections.arguments(PhotoForm, location="form", content_type="multipart/form-data")
@inspections.response(201, PhotoView)
def attach_inspection_photo(form: dict[str, Any], inspection_id: UUID) -> InspectionPhoto:
    """Add a picture of the building."""
    return use_cases.attach(session(), case(Inspection, inspection_id), actor(), form, request.files.get("file"), now())


@inspections.get("/inspections/<uuid:inspection_id>/photos/<uuid:photo_id>")
@inspections.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def read_inspection_photo(inspection_id: UUID, photo_id: UUID) -> Response:
    """The picture itself, once it was made anew."""
    served = use_cases.read_photo(session(), case(Inspection, inspection_id), photo_id)
    return Response(served.body, headers=dict(served.headers))


@inspections.post("/inspections/<uuid:inspection_id>/conclusion")
@inspections.arguments(ConclusionRequest)
@inspections.response(200, InspectionView)
def conclude_inspection(request: dict[str, Any], inspection_id: UUID) -> Inspection:
    """What was found at the place, and what follows; the complaint's timeline says so."""
    return use_cases.conclude(session(), case(Inspection, inspection_id), actor(), request, now())


@inspections.post("/inspections/<uuid:inspection_id>/cancellation")
@inspections.arguments(CancellationRequest)
@inspections.response(200, InspectionView)
def cancel_inspection(request: dict[str, Any], inspection_id: UUID) -> Inspection:
    """Nobody goes there, and why."""
    return use_cases.cancel(session(), case(Inspection, inspection_id), actor(), request["reason_code"], now())
