"""The office's steps on an application: complete, given back, examined, approved, assessed, rejected."""

from typing import Any
from uuid import UUID

from marshmallow import validate

from licensing.api.application_views import ApplicationStandingView, ExaminationView, FindingView
from licensing.api.retribution_estimates import EXAMPLE
from licensing.api.retribution_inputs import typed_inputs
from licensing.model.examination import Result, Round
from licensing.model.finding import Raised
from licensing.model.permit_application import PermitApplication, Reason
from licensing.use_cases import application_decisions as use_cases
from licensing.use_cases import assessments
from smartcity.http import Blueprint, Schema, actor, case, fields, idempotent, now, session

decisions = Blueprint("application_decisions", description="What the office decides of an application; every step needs If-Match.")


class ReasonRequest(Schema):
    reason_code = fields.Code(required=True)
    reasons = fields.List(
        fields.Text(min=1, max=500), required=True, validate=validate.Length(1, 20), metadata={"description": "Sentences for the applicant"}
    )


class FindingRequest(Schema):
    code = fields.Code(required=True, metadata={"example": "stairs-too-narrow"})
    sentence = fields.Text(min=1, max=500, required=True, metadata={"example": "Lebar tangga 80 cm; sekurangnya 120 cm."})
    concerns = fields.Code(
        required=True,
        metadata={"example": "documents.design_drawings", "description": "answers.…, documents.…, site_address or kelurahan_code"},
    )


class ExaminationRequest(Schema):
    result = fields.Enum(Result, by_value=True, required=True)
    minutes = fields.Text(min=1, max=10_000, required=True)
    findings = fields.List(
        fields.Nested(FindingRequest), load_default=list, validate=validate.Length(max=100),
        metadata={"description": "All that is wanting, in the first round; later only what the applicant has changed since"},
    )  # fmt: skip
    resolved = fields.List(
        fields.Whole(min=1, max=1000), load_default=list, validate=validate.Length(max=500),
        metadata={"description": "Numbers of earlier findings that are mended"},
    )  # fmt: skip


class AssessmentRequest(Schema):
    inputs = fields.Dict(
        required=True, metadata={"example": EXAMPLE, "description": "As for an estimate, by the rule set of the application's date"}
    )
    reason = fields.Text(min=1, max=1000, metadata={"description": "Needed when the retribution is fixed anew"})


class ExaminedView(ApplicationStandingView):
    examinations = fields.List(fields.Nested(ExaminationView))
    findings = fields.List(fields.Nested(FindingView))
    re_registration_recommended = fields.Boolean()


@decisions.post("/permit-applications/<uuid:application_id>/completeness")
@decisions.response(200, ApplicationStandingView)
def find_application_complete(application_id: UUID) -> PermitApplication:
    """All papers are there: the examination may begin."""
    return use_cases.find_complete(case(PermitApplication, application_id), actor(), now())


@decisions.post("/permit-applications/<uuid:application_id>/returns")
@decisions.arguments(ReasonRequest)
@decisions.response(200, ApplicationStandingView)
def return_application(request: dict[str, Any], application_id: UUID) -> PermitApplication:
    """Give the application back for repair, saying why."""
    return use_cases.give_back(case(PermitApplication, application_id), actor(), _reason(request), now())


@decisions.post("/permit-applications/<uuid:application_id>/examinations")
@decisions.arguments(ExaminationRequest)
@decisions.response(201, ExaminedView)
def examine_application(request: dict[str, Any], application_id: UUID) -> PermitApplication:
    """Record one round of the technical examination with its minutes and findings; the fifth is the last."""
    application = case(PermitApplication, application_id)
    raised = tuple(Raised(**finding) for finding in request["findings"])
    held = Round(request["result"], request["minutes"], raised, frozenset(request["resolved"]))
    return use_cases.examine(session(), application, actor(), held, now())


@decisions.post("/permit-applications/<uuid:application_id>/approval")
@decisions.response(200, ApplicationStandingView)
def approve_application(application_id: UUID) -> PermitApplication:
    """Approve the technical side; not by who examined it."""
    return use_cases.approve(session(), case(PermitApplication, application_id), actor(), now())


@decisions.post("/permit-applications/<uuid:application_id>/assessment")
@idempotent
@decisions.arguments(AssessmentRequest)
@decisions.response(200, ApplicationStandingView)
def assess_retribution(request: dict[str, Any], application_id: UUID) -> PermitApplication:
    """Fix the retribution, or fix it anew with a reason."""
    application = case(PermitApplication, application_id)
    inputs = typed_inputs(assessments.rules_of(application).name, request["inputs"])
    return assessments.assess(session(), application, actor(), {**request, "inputs": inputs}, now())


@decisions.post("/permit-applications/<uuid:application_id>/rejection")
@decisions.arguments(ReasonRequest)
@decisions.response(200, ApplicationStandingView)
def reject_application(request: dict[str, Any], application_id: UUID) -> PermitApplication:
    """Reject the application, saying why."""
    return use_cases.reject(case(PermitApplication, application_id), actor(), _reason(request), now())


def _reason(request: dict[str, Any]) -> Reason:
    return Reason(request["reason_code"], tuple(request["reasons"]))
