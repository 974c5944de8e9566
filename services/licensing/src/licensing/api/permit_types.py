"""`permit-types`: what the office permits, what it asks, by which documents."""

from typing import Any

from licensing.use_cases import permit_types
from smartcity.http import Blueprint, Schema, fields

types = Blueprint("permit_types", description="Kinds of permits: data, each with its legal basis and dates.")


class DocumentKindView(Schema):
    kind = fields.String()
    label = fields.String()
    required = fields.Boolean()
    expires = fields.Boolean(metadata={"description": "It has a last day, to be told with it"})


class PermitTypeView(Schema):
    code = fields.String()
    title = fields.String()
    legal_basis = fields.String()
    valid_from = fields.Day()
    valid_to = fields.Day(allow_none=True)
    office = fields.String()
    applicants = fields.List(fields.String(metadata={"enum": ["citizen", "business"]}))
    fee = fields.Raw(
        metadata={"description": "How the retribution is computed", "example": {"rule": "building", "legal_basis": "PP 16/2021 Pasal 261"}}
    )
    validity_years = fields.Integer(allow_none=True, metadata={"description": "The permit ends this long after its issue"})
    sample = fields.Boolean(metadata={"description": "Something in it is unconfirmed"})
    steps = fields.Raw(metadata={"description": "By the state in which the office must act: role, days, hari kerja or hari, legal basis"})
    tracks = fields.Raw(metadata={"description": "Ways of their own: when the answers fit a condition, these steps hold instead"})
    clearances = fields.Raw(metadata={"description": "What other offices must say before the approval, and what their silence means"})
    visit = fields.Raw(allow_none=True, metadata={"description": "The visit to the site: when it is needed, its checklist, its pictures"})
    lapses = fields.Raw(
        metadata={"description": "By the state in which the applicant must act: after how many days it lapses, and when they are reminded"}
    )
    questions = fields.Raw(metadata={"description": "JSON Schema of `answers`"})
    documents = fields.List(fields.Nested(DocumentKindView))


class PermitTypeList(Schema):
    items = fields.List(fields.Nested(PermitTypeView))
    next = fields.String(allow_none=True)


@types.get("/permit-types")
@types.response(200, PermitTypeList)
def list_permit_types() -> dict[str, Any]:
    """Every kind of permit."""
    return {"items": permit_types.permit_types(), "next": None}


@types.get("/permit-types/<string:code>")
@types.response(200, PermitTypeView)
def show_permit_type(code: str) -> permit_types.PermitType:
    """One kind of permit: its questions and documents."""
    return permit_types.permit_type(code)
