"""The same trouble more than once: `complaints/duplicates`, `…/support`, `…/followers`, `…/duplicate`."""

from typing import Any
from uuid import UUID

from complaints.api.complaint_views import ComplaintLineView, ComplaintView, shown_at
from complaints.api.complaints import label
from complaints.model.complaint import Complaint
from complaints.use_cases import duplicates
from complaints.use_cases.visibility import Level
from smartcity.http import Blueprint, Schema, actor, case, fields, now, session, shown

same = Blueprint("duplicates", description="The same trouble more than once: offered before filing, supported, followed, linked.")


class NearQuery(Schema):
    category = fields.Code(required=True)
    latitude = fields.Float(required=True, allow_nan=False)
    longitude = fields.Float(required=True, allow_nan=False)


class NearView(Schema):
    items = fields.List(fields.Nested(ComplaintLineView))


class DuplicateRequest(Schema):
    original_id = fields.UUID(required=True)


class ConfirmationRequest(Schema):
    repaired = fields.Boolean(required=True)


@same.get("/complaints/duplicates")
@same.arguments(NearQuery, location="query")
@same.response(200, NearView)
def find_duplicates(query: dict[str, Any]) -> dict[str, Any]:
    """Before filing: is the same trouble known already?"""
    return {"items": duplicates.near(session(), query, now())}


@same.post("/complaints/<uuid:complaint_id>/support")
@same.response(200, ComplaintLineView)
def support_complaint(complaint_id: UUID) -> Complaint:
    """I have the same trouble."""
    return shown(duplicates.support(session(), actor(), complaint_id, now()))


@same.post("/complaints/<uuid:complaint_id>/followers")
@same.response(200, ComplaintLineView)
def follow_complaint(complaint_id: UUID) -> Complaint:
    """I want to hear of it."""
    return shown(duplicates.follow(session(), actor(), complaint_id, now()))


@same.delete("/complaints/<uuid:complaint_id>/followers")
@same.response(204)
def unfollow_complaint(complaint_id: UUID) -> None:
    """No longer."""
    duplicates.unfollow(session(), actor(), complaint_id)


@same.post("/complaints/<uuid:complaint_id>/confirmation")
@same.arguments(ConfirmationRequest)
@same.response(200, ComplaintLineView)
def confirm_repair(request: dict[str, Any], complaint_id: UUID) -> Complaint:
    """The office says it is done: is it? For who follows or supports it; the reporter's own word is the acceptance, or the reopening."""
    return shown(duplicates.confirm(session(), actor(), complaint_id, request["repaired"], now()))


@same.post("/complaints/<uuid:complaint_id>/duplicate")
@same.arguments(DuplicateRequest)
@same.response(200, ComplaintView)
def link_duplicate(request: dict[str, Any], complaint_id: UUID) -> dict[str, Any]:
    """The same trouble as another complaint, which is pursued; this one ends."""
    complaint = duplicates.link(session(), actor(), case(Complaint, complaint_id), request["original_id"], now())
    return shown_at(complaint, Level.OFFICE, label)
