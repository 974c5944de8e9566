"""The office's steps on a report of a death: verified, given back, registered, signed, handed over."""

from typing import Any
from uuid import UUID

from civil_registry.api.birth_decisions import ReturnRequest, VerificationRequest
from civil_registry.api.death_registrations import DeathStandingView, WaitingDeathView
from civil_registry.model.death_registration import DeathRegistration
from civil_registry.model.office_way import Reason
from civil_registry.use_cases import birth_decisions, death_register, death_registrations
from smartcity.http import Blueprint, actor, case, now, page, session

death_decisions = Blueprint(
    "death_decisions", description="What the office does with a report of a death; every step needs If-Match and another person."
)


@death_decisions.post("/death-registrations/<uuid:registration_id>/verification")
@death_decisions.arguments(VerificationRequest)
@death_decisions.response(200, DeathStandingView)
def verify_death_registration(request: dict[str, Any], registration_id: UUID) -> DeathRegistration:
    """Begin the check of the papers, or find that they agree with the data."""
    return birth_decisions.verify(session(), case(DeathRegistration, registration_id), actor(), request["result"], now())


@death_decisions.post("/death-registrations/<uuid:registration_id>/returns")
@death_decisions.arguments(ReturnRequest)
@death_decisions.response(200, DeathStandingView)
def return_death_registration(request: dict[str, Any], registration_id: UUID) -> DeathRegistration:
    """Give the report back for repair, saying why."""
    reason = Reason(request["reason_code"], tuple(request["reasons"]))
    return birth_decisions.give_back(session(), case(DeathRegistration, registration_id), actor(), reason, now())


@death_decisions.post("/death-registrations/<uuid:registration_id>/registration")
@death_decisions.response(200, DeathStandingView)
def register_death(registration_id: UUID) -> DeathRegistration:
    """Enter the death into the register: it gets its number."""
    return death_register.register(session(), case(DeathRegistration, registration_id), actor(), now())


@death_decisions.post("/death-registrations/<uuid:registration_id>/signature")
@death_decisions.response(200, DeathStandingView)
def sign_death_certificate(registration_id: UUID) -> DeathRegistration:
    """Sign the certificate: it is issued with that, and can be fetched."""
    return death_register.sign(session(), case(DeathRegistration, registration_id), actor(), now())


@death_decisions.post("/death-registrations/<uuid:registration_id>/collection")
@death_decisions.response(200, DeathStandingView)
def collect_death_certificate(registration_id: UUID) -> DeathRegistration:
    """Who reported has the certificate: downloaded, or handed over at the counter."""
    return birth_decisions.collect(case(DeathRegistration, registration_id), actor(), now())


@death_decisions.get("/work-queues/civil-registry/deaths")
@death_decisions.paged(WaitingDeathView)
def list_waiting_deaths() -> dict[str, Any]:
    """Reports of deaths that wait for a step of my office, oldest first."""
    return page(death_registrations.waiting(actor()), DeathRegistration.status_since, DeathRegistration.id)
