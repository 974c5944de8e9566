"""`accounts/companies`: the companies I act for, their people, and who asks me to act for them."""

from typing import Any
from uuid import UUID

from marshmallow import validate

from identity.model.company import Company, CompanyPerson, CompanyRole
from identity.use_cases import companies as use_cases
from smartcity.http import Blueprint, Schema, actor, fields, idempotent, now, session

companies = Blueprint("companies", description="Companies, and the people who act for them.")


class PersonView(Schema):
    id = fields.UUID()
    login = fields.String()
    role = fields.String()
    status = fields.String()
    invited_at = fields.Moment()
    accepted_at = fields.Moment(allow_none=True)
    ended_at = fields.Moment(allow_none=True)


class CompanyLineView(Schema):
    sub = fields.String(metadata={"description": "Names the company wherever something is filed for it"})
    name = fields.String()
    nib = fields.String()


class CompanyView(CompanyLineView):
    opened_at = fields.Moment()
    people = fields.List(fields.Nested(PersonView))


class CompaniesView(Schema):
    items = fields.List(fields.Nested(CompanyLineView))


class InvitationView(Schema):
    id = fields.UUID()
    company_name = fields.String()
    role = fields.String()
    invited_at = fields.Moment()


class InvitationsView(Schema):
    items = fields.List(fields.Nested(InvitationView))


class CompanyRequest(Schema):
    name = fields.Text(min=1, max=120, required=True, metadata={"example": "CV Deli Jaya"})
    nib = fields.String(
        required=True, validate=validate.Regexp(r"[0-9]{13}\Z", error="nib-malformed"),
        metadata={"description": "Business identification number (NIB): 13 digits", "example": "8120001234567"},
    )  # fmt: skip


class InvitationRequest(Schema):
    login = fields.Text(min=1, max=120, required=True)
    role = fields.Enum(CompanyRole, by_value=True, load_default=CompanyRole.STAFF)


@companies.post("/accounts/companies")
@idempotent
@companies.arguments(CompanyRequest)
@companies.response(201, CompanyView)
def open_company(request: dict[str, Any]) -> Company:
    """Open my company's account by its NIB; I am its owner. My next token acts for it."""
    return use_cases.open_company(session(), actor().sub, request["name"], request["nib"], now())


@companies.get("/accounts/companies")
@companies.response(200, CompaniesView)
def list_companies() -> dict[str, Any]:
    """The companies I act for."""
    return {"items": use_cases.companies_of(session(), actor().sub)}


@companies.get("/accounts/companies/<uuid:company_id>")
@companies.response(200, CompanyView)
def show_company(company_id: UUID) -> Company:
    """One company I act for, with everybody who does or did."""
    return use_cases.company_of(session(), actor().sub, company_id)


@companies.post("/accounts/companies/<uuid:company_id>/people")
@companies.arguments(InvitationRequest)
@companies.response(201, PersonView)
def invite_person(request: dict[str, Any], company_id: UUID) -> CompanyPerson:
    """An owner invites whoever signs in by that name; the answer does not say whether there is anybody."""
    return use_cases.invite(session(), actor().sub, company_id, request["login"], request["role"], now())


@companies.post("/accounts/companies/<uuid:company_id>/people/<uuid:person_id>/removal")
@companies.response(200, PersonView)
def remove_person(company_id: UUID, person_id: UUID) -> CompanyPerson:
    """An owner takes somebody's place away, or I leave."""
    return use_cases.remove(session(), actor().sub, company_id, person_id, now())


@companies.get("/accounts/invitations")
@companies.response(200, InvitationsView)
def list_invitations() -> dict[str, Any]:
    """Who asks me to act for them."""
    found = use_cases.invitations_of(session(), actor().sub)
    return {"items": [{**vars(person), "company_name": company.name} for person, company in found]}


@companies.post("/accounts/invitations/<uuid:invitation_id>/acceptance")
@companies.response(200, PersonView)
def accept_invitation(invitation_id: UUID) -> CompanyPerson:
    """Yes: my next token acts for the company."""
    return use_cases.answer(session(), actor().sub, invitation_id, now(), accepted=True)


@companies.post("/accounts/invitations/<uuid:invitation_id>/refusal")
@companies.response(200, PersonView)
def refuse_invitation(invitation_id: UUID) -> CompanyPerson:
    """No."""
    return use_cases.answer(session(), actor().sub, invitation_id, now(), accepted=False)
