"""`birth-registrations/{id}/duplicates`: other reports that may be of the same child, and what a person decides about them."""

from typing import Any
from uuid import UUID

from civil_registry.api.birth_views import RegistrationStandingView
from civil_registry.api.purpose import PurposeQuery
from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.duplicate_decision import Verdict
from civil_registry.use_cases import duplicate_decisions as use_cases
from smartcity.http import Blueprint, Schema, actor, case, fields, now, session

duplicates = Blueprint("birth_duplicates", description="Reports that may be of one child: scored with reasons, decided by a person.")


class ReasonView(Schema):
    code = fields.String()
    points = fields.Whole(min=-1_000, metadata={"description": "Negative where it speaks against"})


class DuplicateView(Schema):
    registration_id = fields.UUID(attribute="candidate.registration_id")
    number = fields.String(attribute="candidate.number")
    record_no = fields.String(attribute="candidate.record_no", allow_none=True)
    status = fields.String(attribute="candidate.status")
    points = fields.Whole(attribute="candidate.score.points")
    reasons = fields.List(fields.Nested(ReasonView))
    child_name = fields.String(attribute="child.name")
    sex = fields.String(attribute="child.sex")
    born_on = fields.Day(attribute="child.born_on")
    twin_order = fields.Whole(attribute="child.twin_order")
    mother_name = fields.String(attribute="child.mother_name", allow_none=True)
    father_name = fields.String(attribute="child.father_name", allow_none=True)
    verdict = fields.String(allow_none=True, metadata={"description": "Decided since both were handed in: same, different, or not yet"})
    decided_at = fields.Moment(allow_none=True)


class DuplicateList(Schema):
    items = fields.List(fields.Nested(DuplicateView))
    next = fields.String(allow_none=True)


class VerdictRequest(Schema):
    verdict = fields.Enum(Verdict, by_value=True, required=True)
    why = fields.Text(min=3, max=500, required=True, metadata={"description": "What was compared, and what it showed"})


@duplicates.get("/birth-registrations/<uuid:registration_id>/duplicates")
@duplicates.arguments(PurposeQuery, location="query")
@duplicates.response(200, DuplicateList)
def list_birth_duplicates(query: dict[str, Any], registration_id: UUID) -> dict[str, Any]:
    """Other reports that may be of this child, the likeliest first; an official says why they look, and each parent sees that they did."""
    found = use_cases.show(session(), actor(), case(BirthRegistration, registration_id), query.get("purpose"))
    return {"items": found, "next": None}


@duplicates.post("/birth-registrations/<uuid:registration_id>/duplicates/<uuid:other_id>/decision")
@duplicates.arguments(VerdictRequest)
@duplicates.response(200, RegistrationStandingView)
def decide_birth_duplicate(request: dict[str, Any], registration_id: UUID, other_id: UUID) -> BirthRegistration:
    """Decide whether the other report is of the same child; a birth is not registered while one is undecided."""
    said = (other_id, request["verdict"], request["why"])
    return use_cases.decide(session(), actor(), case(BirthRegistration, registration_id), said, now())
