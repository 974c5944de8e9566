"""`birth-registrations`: opened, shown, listed, changed and handed in by the parent."""

from typing import Any
from uuid import UUID

from civil_registry.api.birth_particulars import ChangeRequest, RegistrationRequest
from civil_registry.api.birth_views import OpenedRegistrationView, RegistrationLineView, RegistrationStandingView, RegistrationView
from civil_registry.api.purpose import PurposeQuery
from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.birth_status import Status
from civil_registry.use_cases import birth_registrations as use_cases
from civil_registry.use_cases import withdrawals
from smartcity.http import Blueprint, Schema, actor, case, fields, idempotent, now, page, session, shown

registrations = Blueprint("birth_registrations", description="Births, from the parent's report to the certificate. Free of charge.")


AT_THE_COUNTER = "counter_service"
"""Why an officer who mends a registration for a parent is shown it."""


class WithdrawalRequest(Schema):
    reason_code = fields.Code(required=True, metadata={"example": "filed-twice"})


class ListQuery(Schema):
    status = fields.Enum(Status, by_value=True)
    mine = fields.Boolean(load_default=False)


@registrations.post("/birth-registrations")
@idempotent
@registrations.arguments(RegistrationRequest)
@registrations.response(201, OpenedRegistrationView)
def open_birth_registration(request: dict[str, Any]) -> dict[str, Any]:
    """Open the registration of a birth, as a draft; of twins one for each. The answer is kept for its key, so it names nobody."""
    registration = shown(use_cases.open_filing(session(), actor(), now(), request))
    return use_cases.standing(actor(), registration)


@registrations.get("/birth-registrations")
@registrations.arguments(ListQuery, location="query")
@registrations.paged(RegistrationLineView)
def list_birth_registrations(query: dict[str, Any]) -> dict[str, Any]:
    """My registrations, or those of my office; newest first, nobody named."""
    return page(use_cases.listed(actor(), query.get("status"), mine=query["mine"]), BirthRegistration.id.desc())


@registrations.get("/birth-registrations/<uuid:registration_id>")
@registrations.arguments(PurposeQuery, location="query")
@registrations.response(200, RegistrationView)
def show_birth_registration(query: dict[str, Any], registration_id: UUID) -> dict[str, Any]:
    """One registration; an official says why they look, and the parent sees that they did."""
    return use_cases.show(session(), actor(), case(BirthRegistration, registration_id), query.get("purpose"))


@registrations.patch("/birth-registrations/<uuid:registration_id>")
@registrations.arguments(ChangeRequest)
@registrations.response(200, RegistrationView)
def change_birth_registration(request: dict[str, Any], registration_id: UUID) -> dict[str, Any]:
    """Mend what was wrong while the registration is a draft or was given back; the rest stays as it was."""
    registration = use_cases.change(session(), actor(), case(BirthRegistration, registration_id), now(), request)
    return use_cases.show(session(), actor(), registration, AT_THE_COUNTER)


@registrations.post("/birth-registrations/<uuid:registration_id>/submission")
@idempotent
@registrations.response(200, RegistrationStandingView)
def submit_birth_registration(registration_id: UUID) -> BirthRegistration:
    """Hand the registration in, first or again after it was given back."""
    return use_cases.submit(session(), actor(), case(BirthRegistration, registration_id), now())


@registrations.post("/birth-registrations/<uuid:registration_id>/withdrawal")
@registrations.arguments(WithdrawalRequest)
@registrations.response(200, RegistrationStandingView)
def withdraw_birth_registration(request: dict[str, Any], registration_id: UUID) -> BirthRegistration:
    """Take the report back, until the birth stands in the register. It can be reported anew."""
    return withdrawals.withdraw(session(), case(BirthRegistration, registration_id), actor(), request["reason_code"], now())
