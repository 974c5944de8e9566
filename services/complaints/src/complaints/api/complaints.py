"""`complaints`: filed by anybody, shown to everybody without names, completed, agreed to or reopened by the reporter."""

from typing import Any
from uuid import UUID

from flask import Response, request
from flask_smorest.fields import Upload

from complaints.api.complaint_views import ComplaintLineView, ComplaintView, FiledView, PhotoView, Plain, TimelineView, shown_at, timeline
from complaints.model.complaint import Complaint
from complaints.model.complaint_photo import ComplaintPhoto, PhotoKind
from complaints.model.complaint_status import Status
from complaints.use_cases import duplicates, filing, photos, reporting, search
from complaints.use_cases.visibility import Level, level_of, photos_for, seen
from smartcity.http import Blueprint, Schema, actor, case, fields, idempotent, now, page, session, shown
from smartcity.http.languages import language
from smartcity.http.problems import messages

complaints = Blueprint("complaints", description="Medan Rumah Kita: complaints from filing to proof of repair.")


class ComplaintRequest(Schema):
    category = fields.Code(required=True)
    title = Plain(min=5, max=120, required=True)
    text = Plain(min=10, max=5000, required=True)
    kelurahan_code = fields.Code(metadata={"description": "Left out or overruled where the city's boundaries tell it from the point"})
    address = Plain(min=3, max=300, required=True)
    landmark = Plain(max=200)
    latitude = fields.Float(allow_nan=False)
    longitude = fields.Float(allow_nan=False)
    incident_at = fields.Moment()
    answers = fields.Dict(keys=fields.Code(), load_default=dict, metadata={"description": "To the questions of the category"})
    channel = fields.Code(load_default="web")
    anonymous = fields.Boolean(load_default=False, metadata={"description": "The public and the office never see who reports"})
    confidential = fields.Boolean(load_default=False, metadata={"description": "The complaint itself is not shown to the public"})
    reporter_name = fields.Text(min=1, max=120)
    reporter_contact = fields.Text(min=3, max=120)


class ListQuery(Schema):
    q = fields.Text(min=2, max=100, metadata={"description": "Words of title or address, in any form; the best of the newest 300 first"})
    category = fields.Code()
    kelurahan_code = fields.Code()
    status = fields.Enum(Status, by_value=True)
    mine = fields.Boolean(load_default=False)
    followed = fields.Boolean(load_default=False)


class TimelinePageView(Schema):
    items = fields.List(fields.Nested(TimelineView))


class CompletionRequest(Schema):
    text = Plain(min=3, max=5000, required=True)


class PlaceRequest(Schema):
    latitude = fields.Float(required=True, allow_nan=False)
    longitude = fields.Float(required=True, allow_nan=False)


class AcceptanceRequest(Schema):
    rating = fields.Whole(min=1, max=5)


class ReopeningRequest(Schema):
    note = Plain(min=3, max=2000, required=True)


class WithdrawalRequest(Schema):
    reason_code = fields.Code(required=True)


class PhotoForm(Schema):
    file = Upload(metadata={"description": "JPEG or PNG, at most 10 MB"})


class PhotoQuery(Schema):
    thumbnail = fields.Boolean(load_default=False)


def label(code: str) -> str:
    """What a person reads for `code`, in the language of the request."""
    return messages().label(code, language())


def as_reporter(complaint: Complaint) -> dict[str, Any]:
    """All of it, to the one who filed it."""
    return shown_at(shown(complaint), Level.REPORTER, label)


@complaints.post("/complaints")
@idempotent
@complaints.arguments(ComplaintRequest)
@complaints.response(201, FiledView)
def file_complaint(request: dict[str, Any]) -> dict[str, Any]:
    """File a complaint: signed in, or without an account; an officer for somebody else."""
    complaint, token = filing.file(session(), actor(), request, now())
    return {**as_reporter(complaint), "follow_up_token": token}


@complaints.get("/complaints")
@complaints.arguments(ListQuery, location="query")
@complaints.paged(ComplaintLineView)
def list_complaints(query: dict[str, Any]) -> dict[str, Any]:
    """What the city has been told, without names; or my own (`mine`), or what I follow. Newest first, or what fits the words of `q` best."""
    newest: Any = Complaint.id.desc()
    if actor().known and query["mine"]:
        found = reporting.own_list(actor().sub)
    elif actor().known and query["followed"]:
        found, newest = duplicates.followed(actor().sub), duplicates.NEWEST_FOLLOWED
    else:
        found = reporting.public_list(query.get("category"), query.get("kelurahan_code"), query.get("status"))
    if "q" not in query:
        return page(found, newest)
    best, keys = search.search(session(), found, query["q"])
    return page(best, *keys)


@complaints.get("/complaints/<uuid:complaint_id>")
@complaints.response(200, ComplaintView)
def show_complaint(complaint_id: UUID) -> dict[str, Any]:
    """One complaint with its timeline; as much of it as the caller may see."""
    complaint = case(Complaint, complaint_id)
    level = level_of(actor(), complaint)
    seen(session(), actor(), complaint, level, "complaint shown")
    return shown_at(complaint, level, label)


@complaints.get("/complaints/<uuid:complaint_id>/timeline")
@complaints.response(200, TimelinePageView)
def show_timeline(complaint_id: UUID) -> dict[str, Any]:
    """What happened, in order."""
    complaint = case(Complaint, complaint_id)
    return {"items": timeline(complaint, level_of(actor(), complaint), label)}


@complaints.post("/complaints/<uuid:complaint_id>/photos")
@complaints.arguments(PhotoForm, location="form", content_type="multipart/form-data")
@complaints.response(201, PhotoView)
def attach_complaint_photo(form: dict[str, Any], complaint_id: UUID) -> ComplaintPhoto:
    """A photo of what is wrong, from the reporter; of what was done, from the office."""
    complaint = case(Complaint, complaint_id)
    kind = PhotoKind.REPORT if actor().sub == complaint.owner_sub else PhotoKind.PROOF
    return photos.attach(session(), complaint, kind, request.files.get("file"), now())


@complaints.get("/complaints/<uuid:complaint_id>/photos/<uuid:photo_id>")
@complaints.arguments(PhotoQuery, location="query")
@complaints.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def read_complaint_photo(query: dict[str, Any], complaint_id: UUID, photo_id: UUID) -> Response:
    """The picture, made anew without its hidden data."""
    complaint = case(Complaint, complaint_id)
    seen_photos = photos_for(level_of(actor(), complaint), complaint)
    served = photos.read(session(), seen_photos, photo_id, thumbnail=query["thumbnail"])
    return Response(served.body, headers=dict(served.headers))


@complaints.post("/complaints/<uuid:complaint_id>/completion")
@complaints.arguments(CompletionRequest)
@complaints.response(200, ComplaintView)
def complete_complaint(request: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
    """Add what the coordinator asked for."""
    return as_reporter(reporting.complete(session(), case(Complaint, complaint_id), request["text"], now()))


@complaints.post("/complaints/<uuid:complaint_id>/place")
@complaints.arguments(PlaceRequest)
@complaints.response(200, ComplaintView)
def locate_complaint(request: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
    """Say where it is, before an office has it: on the map, or as a photo offered."""
    return as_reporter(reporting.locate(case(Complaint, complaint_id), request, now()))


@complaints.post("/complaints/<uuid:complaint_id>/acceptance")
@complaints.arguments(AcceptanceRequest)
@complaints.response(200, ComplaintView)
def accept_answer(request: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
    """It is repaired: close it, with 1 to 5 stars if you like."""
    return as_reporter(reporting.accept(session(), case(Complaint, complaint_id), request.get("rating"), now()))


@complaints.post("/complaints/<uuid:complaint_id>/reopening")
@complaints.arguments(ReopeningRequest)
@complaints.response(200, ComplaintView)
def reopen_complaint(request: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
    """It is not repaired."""
    return as_reporter(reporting.reopen(session(), case(Complaint, complaint_id), request["note"], now()))


@complaints.post("/complaints/<uuid:complaint_id>/withdrawal")
@complaints.arguments(WithdrawalRequest)
@complaints.response(200, ComplaintView)
def withdraw_complaint(request: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
    """Take it back."""
    return as_reporter(reporting.withdraw(session(), case(Complaint, complaint_id), request["reason_code"], now()))
