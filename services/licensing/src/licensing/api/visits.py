"""`permit-applications/{id}/visits`: scheduled, moved, photographed, reported."""

from typing import Any
from uuid import UUID

from flask import Response, request
from flask_smorest.fields import Upload
from marshmallow import validate

from licensing.model.permit_application import PermitApplication
from licensing.model.visit import Conclusion, Found, Visit, VisitPhoto
from licensing.use_cases import visits as use_cases
from smartcity.http import Blueprint, Schema, actor, case, fields, now, page, session

visits = Blueprint("visits", description="Visits to the site, before the approval.")


class MoveView(Schema):
    side = fields.String()
    from_day = fields.Day()
    to_day = fields.Day()
    reason = fields.String()
    moved_at = fields.Moment()


class PhotoView(Schema):
    id = fields.UUID()
    uploaded_at = fields.Moment()
    latitude = fields.Float(allow_none=True)
    longitude = fields.Float(allow_none=True)
    by_camera = fields.Boolean(metadata={"description": "The picture itself said where it was taken"})


class ChecklistLine(Schema):
    code = fields.Code(required=True, metadata={"example": "access"})
    met = fields.Boolean(required=True)
    note = fields.Text(max=500, load_default="")


class VisitView(Schema):
    id = fields.UUID()
    position = fields.Whole()
    day = fields.Day()
    invitation = fields.String()
    scheduled_at = fields.Moment()
    moves = fields.List(fields.Nested(MoveView))
    photos = fields.List(fields.Nested(PhotoView))
    checklist = fields.List(fields.Nested(ChecklistLine))
    report = fields.String(allow_none=True)
    conclusion = fields.String(allow_none=True)
    carried_out_at = fields.Moment(allow_none=True)


class ScheduleRequest(Schema):
    day = fields.Day(required=True, metadata={"description": "A working day ahead", "example": "2026-12-02"})
    invitation = fields.Text(min=3, max=500, required=True, metadata={"example": "Pukul 10.00 di lokasi; mohon pemohon hadir."})


class MoveRequest(Schema):
    day = fields.Day(required=True, metadata={"example": "2026-12-04"})
    reason = fields.Text(min=3, max=500, required=True, metadata={"example": "Pemohon berada di luar kota."})


class PhotoForm(Schema):
    latitude = fields.Float(
        validate=validate.Range(-90, 90), metadata={"description": "WGS 84 degrees, where the camera did not write them"}
    )
    longitude = fields.Float(validate=validate.Range(-180, 180))
    file = Upload(metadata={"description": "JPEG or PNG, at most 10 MB"})


class ReportRequest(Schema):
    checklist = fields.List(fields.Nested(ChecklistLine), required=True, validate=validate.Length(max=100))
    report = fields.Text(min=3, max=10_000, required=True)
    conclusion = fields.Enum(Conclusion, by_value=True, required=True)


@visits.get("/permit-applications/<uuid:application_id>/visits")
@visits.paged(VisitView)
def list_visits(application_id: UUID) -> dict[str, Any]:
    """The visits of an application, in their order."""
    return page(use_cases.listed(session(), actor(), case(PermitApplication, application_id)), Visit.position)


@visits.post("/permit-applications/<uuid:application_id>/visits")
@visits.arguments(ScheduleRequest)
@visits.response(201, VisitView)
def schedule_visit(request: dict[str, Any], application_id: UUID) -> Visit:
    """Invite the applicant to a visit."""
    return use_cases.schedule(case(PermitApplication, application_id), actor(), request["day"], request["invitation"], now())


@visits.post("/permit-applications/<uuid:application_id>/visits/<uuid:visit_id>/rescheduling")
@visits.arguments(MoveRequest)
@visits.response(200, VisitView)
def move_visit(request: dict[str, Any], application_id: UUID, visit_id: UUID) -> Visit:
    """Move a visit to another day: once by the applicant, once by the office."""
    return use_cases.move(case(PermitApplication, application_id), visit_id, actor(), request, now())


@visits.post("/permit-applications/<uuid:application_id>/visits/<uuid:visit_id>/photos")
@visits.arguments(PhotoForm, location="form", content_type="multipart/form-data")
@visits.response(201, PhotoView)
def attach_visit_photo(form: dict[str, Any], application_id: UUID, visit_id: UUID) -> VisitPhoto:
    """Add a picture of the place."""
    application = case(PermitApplication, application_id)
    return use_cases.attach(session(), application, visit_id, form, request.files.get("file"), now())


@visits.get("/permit-applications/<uuid:application_id>/visits/<uuid:visit_id>/photos/<uuid:photo_id>")
@visits.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def read_visit_photo(application_id: UUID, visit_id: UUID, photo_id: UUID) -> Response:
    """The picture itself, once it was made anew."""
    served = use_cases.read_photo(session(), actor(), case(PermitApplication, application_id), visit_id, photo_id)
    return Response(served.body, headers=dict(served.headers))


@visits.post("/permit-applications/<uuid:application_id>/visits/<uuid:visit_id>/report")
@visits.arguments(ReportRequest)
@visits.response(200, VisitView)
def report_visit(request: dict[str, Any], application_id: UUID, visit_id: UUID) -> Visit:
    """What was found: every line of the checklist, and the conclusion."""
    found = Found(actor().sub, request["checklist"], request["report"], request["conclusion"])
    return use_cases.carry_out(case(PermitApplication, application_id), visit_id, actor(), found, now())
