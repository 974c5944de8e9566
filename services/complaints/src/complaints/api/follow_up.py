"""`complaints/track/{token}`: the reporter's side for whoever filed without an account."""

from typing import Any

from flask import request

from complaints.api.complaint_views import ComplaintView, PhotoView
from complaints.api.complaints import (
    AcceptanceRequest,
    CompletionRequest,
    PhotoForm,
    PlaceRequest,
    ReopeningRequest,
    WithdrawalRequest,
    as_reporter,
)
from complaints.model.complaint import Complaint
from complaints.model.complaint_photo import ComplaintPhoto, PhotoKind
from complaints.use_cases import photos, reporting
from complaints.use_cases.visibility import by_token
from smartcity.http import Blueprint, now, session

follow_up = Blueprint("follow_up", description="A complaint by its follow-up token: what was given once when it was filed.")
TRACK = "/complaints/track/<string:token>"


def _found(token: str) -> Complaint:
    return by_token(session(), token, lock=True)


@follow_up.get(TRACK)
@follow_up.response(200, ComplaintView)
def track_complaint(token: str) -> dict[str, Any]:
    """All of it."""
    return as_reporter(by_token(session(), token))


@follow_up.post(f"{TRACK}/photos")
@follow_up.arguments(PhotoForm, location="form", content_type="multipart/form-data")
@follow_up.response(201, PhotoView)
def attach_photo_by_token(form: dict[str, Any], token: str) -> ComplaintPhoto:
    """A photo of what is wrong."""
    return photos.attach(session(), _found(token), PhotoKind.REPORT, request.files.get("file"), now())


@follow_up.post(f"{TRACK}/completion")
@follow_up.arguments(CompletionRequest)
@follow_up.response(200, ComplaintView)
def complete_by_token(request: dict[str, Any], token: str) -> dict[str, Any]:
    """Add what the coordinator asked for."""
    return as_reporter(reporting.complete(session(), _found(token), request["text"], now()))


@follow_up.post(f"{TRACK}/place")
@follow_up.arguments(PlaceRequest)
@follow_up.response(200, ComplaintView)
def locate_by_token(request: dict[str, Any], token: str) -> dict[str, Any]:
    """Say where it is, before an office has it."""
    return as_reporter(reporting.locate(_found(token), request, now()))


@follow_up.post(f"{TRACK}/acceptance")
@follow_up.arguments(AcceptanceRequest)
@follow_up.response(200, ComplaintView)
def accept_by_token(request: dict[str, Any], token: str) -> dict[str, Any]:
    """It is repaired: close it."""
    return as_reporter(reporting.accept(session(), _found(token), request.get("rating"), now()))


@follow_up.post(f"{TRACK}/reopening")
@follow_up.arguments(ReopeningRequest)
@follow_up.response(200, ComplaintView)
def reopen_by_token(request: dict[str, Any], token: str) -> dict[str, Any]:
    """It is not repaired."""
    return as_reporter(reporting.reopen(session(), _found(token), request["note"], now()))


@follow_up.post(f"{TRACK}/withdrawal")
@follow_up.arguments(WithdrawalRequest)
@follow_up.response(200, ComplaintView)
def withdraw_by_token(request: dict[str, Any], token: str) -> dict[str, Any]:
    """Take it back."""
    return as_reporter(reporting.withdraw(session(), _found(token), request["reason_code"], now()))
