"""`complaints/{id}/photos/{id}/review`, `complaints/{id}/wording`, `work-queues/complaints/moderation`: what everybody may see."""

from typing import Any
from uuid import UUID

from marshmallow import validate

from complaints.api.complaint_views import ComplaintLineView, ComplaintView, Plain, shown_at
from complaints.api.complaints import label
from complaints.model.complaint import Complaint
from complaints.model.complaint_photo import Review
from complaints.use_cases import moderation as use_cases
from complaints.use_cases.visibility import Level
from smartcity.http import Blueprint, Schema, actor, case, fields, now, page

moderation = Blueprint("moderation", description="What everybody may see of photos and words; every step needs If-Match.")


class ReviewRequest(Schema):
    decision = fields.String(required=True, validate=validate.OneOf([Review.SHOWN.value, Review.HIDDEN.value]))


class WordingRequest(Schema):
    title = Plain(min=5, max=120)
    address = Plain(min=3, max=300)


class UnreadComplaintView(ComplaintLineView):
    unread_photos = fields.Whole()


@moderation.get("/work-queues/complaints/moderation")
@moderation.paged(UnreadComplaintView)
def list_moderation_work() -> dict[str, Any]:
    """Complaints with photos that nobody of the city has looked at, oldest first."""
    return page(use_cases.waiting(), Complaint.id)


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
    """Other words for everybody, where the reporter's name or insult somebody."""
    return shown_at(use_cases.reword(actor(), case(Complaint, complaint_id), request, now()), Level.OFFICE, label)
