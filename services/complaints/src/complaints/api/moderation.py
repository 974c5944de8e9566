"""`complaints/{id}/photos/{id}/review`, `complaints/{id}/wording`, `work-queues/complaints/moderation`: what everybody may see."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import validate

from complaints.api.complaint_views import ComplaintLineView, ComplaintView, Plain, shown_at
from complaints.api.complaints import label
from complaints.model.complaint import Complaint
from complaints.model.complaint_photo import Review
from complaints.model.first_look import FirstLook
from complaints.use_cases import moderation as use_cases
from complaints.use_cases.visibility import Level
from smartcity.http import Blueprint, Schema, actor, case, fields, now, page, session

moderation = Blueprint("moderation", description="What everybody may see of photos and words; every step needs If-Match.")


class ReviewRequest(Schema):
    decision = fields.String(required=True, validate=validate.OneOf([Review.SHOWN.value, Review.HIDDEN.value]))


class WordingRequest(Schema):
    title = Plain(min=5, max=120)
    address = Plain(min=3, max=300)


class ReasonView(Schema):
    code = fields.String()
    label = fields.String()


class DoubtView(Schema):
    photo_id = fields.UUID(allow_none=True, metadata={"description": "The photo in doubt; empty: the words"})
    looked_at = fields.Moment()
    reasons = fields.List(fields.Nested(ReasonView))


class UnreadComplaintView(ComplaintLineView):
    unread_photos = fields.Whole()
    doubts = fields.List(fields.Nested(DoubtView), metadata={"description": "What a machine doubts and nobody has decided"})


@moderation.get("/work-queues/complaints/moderation")
@moderation.paged(UnreadComplaintView)
def list_moderation_work() -> dict[str, Any]:
    """Complaints with photos that nobody of the city has looked at, or with what a machine doubts; oldest first."""
    found = page(use_cases.waiting(), Complaint.id)
    doubts = use_cases.doubts(session(), found["items"])
    return {**found, "items": [_line(one, doubts.get(one.id, [])) for one in found["items"]]}


def _line(complaint: Complaint, doubts: Sequence[FirstLook]) -> dict[str, Any]:
    told = [
        {
            "photo_id": look.photo_id,
            "looked_at": look.looked_at,
            "reasons": [{"code": code, "label": label(f"doubt.{code}")} for code in look.reasons],
        }
        for look in doubts
    ]
    return {**{name: getattr(complaint, name) for name in UnreadComplaintView().fields}, "doubts": told}


@moderation.post("/complaints/<uuid:complaint_id>/photos/<uuid:photo_id>/review")
@moderation.arguments(ReviewRequest)
@moderation.response(200, ComplaintView)
def review_photo(request: dict[str, Any], complaint_id: UUID, photo_id: UUID) -> dict[str, Any]:
    """Show a photo to everybody, or hide it."""
    complaint = use_cases.review(case(Complaint, complaint_id), photo_id, Review(request["decision"]), now())
    return shown_at(complaint, Level.OFFICE, label)


@moderation.post("/complaints/<uuid:complaint_id>/wording")
@moderation.arguments(WordingRequest)
@moderation.response(200, ComplaintView)
def reword_complaint(request: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
    """Other words for everybody, where the reporter's name or insult somebody; without any, they are left as they are."""
    return shown_at(use_cases.reword(actor(), case(Complaint, complaint_id), request, now()), Level.OFFICE, label)
