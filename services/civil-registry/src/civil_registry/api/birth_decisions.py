"""The office's steps on a registration: verified, given back, decided when late, registered, signed, handed over."""

from typing import Any
from uuid import UUID

from marshmallow import validate

from civil_registry.api.birth_views import RegistrationStandingView
from civil_registry.model.birth_registration import BirthRegistration, Decision
from civil_registry.model.office_way import Reason
from civil_registry.use_cases import birth_decisions as use_cases
from smartcity.http import Blueprint, Schema, actor, case, fields, now, session

decisions = Blueprint(
    "birth_decisions", description="What the office does with a registration; every step needs If-Match and another person."
)
SENTENCES = fields.List(
    fields.Text(min=1, max=500), load_default=list, validate=validate.Length(max=20), metadata={"description": "Sentences for the parent"}
)


class VerificationRequest(Schema):
    result = fields.String(
        required=True, validate=validate.OneOf(("begun", "conforms")),
        metadata={"description": "begun: the check is in my hands. conforms: papers and data agree"},
    )  # fmt: skip


class ReturnRequest(Schema):
    reason_code = fields.Code(required=True)
    reasons = fields.List(
        fields.Text(min=1, max=500), required=True, validate=validate.Length(1, 20), metadata={"description": "Sentences for the parent"}
    )


class LateDecisionRequest(Schema):
    decision = fields.Enum(Decision, by_value=True, required=True)
    reason_code = fields.Code(load_default=None, metadata={"description": "Needed for a rejection"})
    reasons = SENTENCES


@decisions.post("/birth-registrations/<uuid:registration_id>/verification")
@decisions.arguments(VerificationRequest)
@decisions.response(200, RegistrationStandingView)
def verify_birth_registration(request: dict[str, Any], registration_id: UUID) -> BirthRegistration:
    """Begin the check of the papers, or find that they agree with the data."""
    return use_cases.verify(session(), case(BirthRegistration, registration_id), actor(), request["result"], now())


@decisions.post("/birth-registrations/<uuid:registration_id>/returns")
@decisions.arguments(ReturnRequest)
@decisions.response(200, RegistrationStandingView)
def return_birth_registration(request: dict[str, Any], registration_id: UUID) -> BirthRegistration:
    """Give the registration back for repair, saying why."""
    reason = Reason(request["reason_code"], tuple(request["reasons"]))
    return use_cases.give_back(session(), case(BirthRegistration, registration_id), actor(), reason, now())


@decisions.post("/birth-registrations/<uuid:registration_id>/late-decision")
@decisions.arguments(LateDecisionRequest)
@decisions.response(200, RegistrationStandingView)
def decide_late_birth(request: dict[str, Any], registration_id: UUID) -> BirthRegistration:
    """Decide about a report that came more than 60 days after the birth."""
    code = request["reason_code"]
    reason = Reason(code, tuple(request["reasons"])) if code else None
    return use_cases.decide_late(session(), case(BirthRegistration, registration_id), actor(), (request["decision"], reason), now())


@decisions.post("/birth-registrations/<uuid:registration_id>/registration")
@decisions.response(200, RegistrationStandingView)
def register_birth(registration_id: UUID) -> BirthRegistration:
    """Enter the birth into the register: it gets its number, the child its NIK."""
    return use_cases.register(session(), case(BirthRegistration, registration_id), actor(), now())


@decisions.post("/birth-registrations/<uuid:registration_id>/signature")
@decisions.response(200, RegistrationStandingView)
def sign_birth_certificate(registration_id: UUID) -> BirthRegistration:
    """Sign the certificate: it is issued with that, and can be fetched."""
    return use_cases.sign(session(), case(BirthRegistration, registration_id), actor(), now())


@decisions.post("/birth-registrations/<uuid:registration_id>/collection")
@decisions.response(200, RegistrationStandingView)
def collect_birth_certificate(registration_id: UUID) -> BirthRegistration:
    """The parent has the certificate: downloaded, or handed over at the counter."""
    return use_cases.collect(case(BirthRegistration, registration_id), actor(), now())
