"""The city's steps on a complaint; every one needs If-Match."""

from typing import Any
from uuid import UUID

from marshmallow import validate

from complaints.api.complaint_views import ComplaintView, Plain, shown_at
from complaints.api.complaints import label
from complaints.model.complaint import Complaint
from complaints.use_cases import handling as use_cases
from complaints.use_cases.visibility import Level
from smartcity.http import Blueprint, Schema, actor, case, fields, now, session

handling = Blueprint("handling", description="What the city does with a complaint; every step needs If-Match.")


MOST_MATERIALS = 20


class VerificationRequest(Schema):
    result = fields.String(required=True, validate=validate.OneOf(["verified", "needs_completion", "archived"]))
    note = Plain(min=1, max=2000, metadata={"description": "For the reporter, and for everybody"})
    reason_code = fields.Code(metadata={"description": "Why it is archived"})
    forwarded_to = fields.Code(metadata={"description": "Whose business it is, where it is not the city's"})


class DispositionRequest(Schema):
    office = fields.Code(metadata={"description": "Left out: the office in charge by the routing rules"})
    note = Plain(min=1, max=2000)


class NoteRequest(Schema):
    note = Plain(min=3, max=2000, required=True)


class FollowUpRequest(NoteRequest):
    public = fields.Boolean(load_default=True)


class ExtensionRequest(Schema):
    working_days = fields.Whole(
        min=1, max=60, required=True, metadata={"description": "After the date of now; at most the category's own ceiling"}
    )
    reason = Plain(min=10, max=1000, required=True, metadata={"description": "For everybody"})


class PlannedWorksRequest(Schema):
    reference = fields.Code(required=True, metadata={"description": "Of the planned works, as the office has it"})
    expected_on = fields.Day(required=True)


class AssignmentRequest(Schema):
    officer = fields.UUID(metadata={"description": "The `sub` of an officer of the office, given by its head; left out: me"})


class MaterialRequest(Schema):
    name = Plain(min=2, max=80, required=True)
    quantity = fields.Exact(required=True, validate=validate.Range(min=0, min_inclusive=False))
    unit = Plain(min=1, max=20, required=True)


class AnswerRequest(Schema):
    text = Plain(min=10, max=5000, required=True)
    cost = fields.Rupiah(metadata={"description": "What this repair cost; for everybody"})
    materials = fields.List(fields.Nested(MaterialRequest), load_default=list, validate=validate.Length(max=MOST_MATERIALS))


def _shown(complaint: Complaint) -> dict[str, Any]:
    return shown_at(complaint, Level.OFFICE, label)


@handling.post("/complaints/<uuid:complaint_id>/verification")
@handling.arguments(VerificationRequest)
@handling.response(200, ComplaintView)
def verify_complaint(request: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
    """Read it: good, something is missing, or not pursued here."""
    return _shown(use_cases.verify(session(), actor(), case(Complaint, complaint_id), request, now()))


@handling.post("/complaints/<uuid:complaint_id>/disposition")
@handling.arguments(DispositionRequest)
@handling.response(200, ComplaintView)
def dispose_complaint(request: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
    """Lay it before an office."""
    return _shown(use_cases.dispose(session(), actor(), case(Complaint, complaint_id), request, now()))


@handling.post("/complaints/<uuid:complaint_id>/return")
@handling.arguments(NoteRequest)
@handling.response(200, ComplaintView)
def return_complaint(request: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
    """Not our business; say whose."""
    return _shown(use_cases.give_back(session(), actor(), case(Complaint, complaint_id), request["note"], now()))


@handling.post("/complaints/<uuid:complaint_id>/follow-up")
@handling.arguments(FollowUpRequest)
@handling.response(200, ComplaintView)
def follow_up_complaint(request: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
    """Begin, or add a note: for everybody, or (`public: false`) for the office."""
    return _shown(use_cases.follow_up(session(), actor(), case(Complaint, complaint_id), request, now()))


@handling.post("/complaints/<uuid:complaint_id>/assignment")
@handling.arguments(AssignmentRequest)
@handling.response(200, ComplaintView)
def assign_complaint(request: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
    """I have it in hand; or, from the head of the office, one of its officers has."""
    return _shown(use_cases.assign(actor(), case(Complaint, complaint_id), request.get("officer"), now()))


@handling.post("/complaints/<uuid:complaint_id>/answer")
@handling.arguments(AnswerRequest)
@handling.response(200, ComplaintView)
def answer_complaint(request: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
    """It is done; with a photo of what was done where the category asks it, and what it cost and took."""
    return _shown(use_cases.answer(session(), actor(), case(Complaint, complaint_id), request, now()))


@handling.post("/complaints/<uuid:complaint_id>/extension")
@handling.arguments(ExtensionRequest)
@handling.response(200, ComplaintView)
def extend_complaint(request: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
    """It needs longer: another date for the answer, once, with the reason for everybody."""
    return _shown(use_cases.extend(session(), actor(), case(Complaint, complaint_id), request, now()))


@handling.post("/complaints/<uuid:complaint_id>/planned-works")
@handling.arguments(PlannedWorksRequest)
@handling.response(200, ComplaintView)
def plan_works(request: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
    """Works are planned that will mend it; planned anew, the new date holds."""
    return _shown(use_cases.plan(actor(), case(Complaint, complaint_id), request, now()))
