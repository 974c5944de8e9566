"""`death-registrations`: reported by the family or the head of the RT, from draft to submission."""

from typing import Any
from uuid import UUID

from flask import Response, request
from marshmallow import validate

from civil_registry.api.birth_claims import ClaimRequest
from civil_registry.api.birth_documents import UploadForm
from civil_registry.api.birth_particulars import LONGEST_NAME, TIME, FamilyCard, NamedPerson
from civil_registry.api.birth_paths import PathView, WordingView
from civil_registry.api.birth_registrations import AT_THE_COUNTER, WithdrawalRequest
from civil_registry.api.birth_views import DocumentView, HistoryView
from civil_registry.api.purpose import PurposeQuery
from civil_registry.model.birth_registration import Sex
from civil_registry.model.death_registration import DeathDocument, DeathRegistration
from civil_registry.use_cases import birth_documents, claims, withdrawals
from civil_registry.use_cases import death_registrations as use_cases
from civil_registry.use_cases.registry_data import death_paths, death_wordings
from smartcity.http import Blueprint, Schema, actor, case, fields, idempotent, now, page, session, shown

deaths = Blueprint("death_registrations", description="Deaths, from the report to the certificate. Free of charge.")
RELATIONS = ("spouse", "child", "parent", "sibling", "other_family", "rt_head", "institution", "other")
PLACES = ("hospital", "puskesmas", "home", "on_the_way", "other")


class Deceased(Schema):
    name = fields.Text(min=1, max=LONGEST_NAME, load_default=None, allow_none=True)
    nik = fields.Nik(load_default=None, allow_none=True, metadata={"description": "16 digits; never refused for its region"})
    sex = fields.Enum(Sex, by_value=True, required=True)
    born_on = fields.Day(load_default=None, allow_none=True)
    died_on = fields.Day(required=True)
    died_at = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(TIME, error="time-malformed"))
    death_place_kind = fields.String(required=True, validate=validate.OneOf(PLACES))
    death_city = fields.Text(min=1, max=60, required=True, metadata={"description": "True place of death, printed on the certificate"})


class DeathReporter(NamedPerson):
    relation = fields.String(required=True, validate=validate.OneOf(RELATIONS))


class DeathParticulars(Schema):
    path = fields.Code(required=True, metadata={"example": "with_letter"})
    kelurahan_code = fields.Code(required=True, metadata={"description": "Where the deceased lived", "example": "12.71.01.1001"})
    family_card_no = FamilyCard(load_default=None, allow_none=True)
    deceased = fields.Nested(Deceased, required=True)
    reporter = fields.Nested(DeathReporter, required=True)
    witnesses = fields.List(fields.Nested(NamedPerson), required=True, validate=validate.Length(max=4))


class DeathReport(DeathParticulars):
    """A death, whole."""

    on_behalf = fields.Boolean(
        load_default=False, metadata={"description": "By an officer at the counter: who reports claims it with the code of the answer"}
    )


_PARTS: dict[str, type[Schema]] = {"deceased": Deceased, "reporter": DeathReporter}
IN_PART = (*DeathParticulars().fields, *(f"{part}.{name}" for part, schema in _PARTS.items() for name in schema().fields))


class DeathChangeRequest(DeathParticulars):
    """Only what changes, also within deceased and reporter; `witnesses` as a whole."""

    def __init__(self, **more: Any) -> None:
        super().__init__(partial=IN_PART, **more)


class DeathLineView(Schema):
    """A line of a list: nobody is named."""

    id = fields.UUID()
    number = fields.String(allow_none=True)
    path = fields.String()
    office = fields.String()
    kelurahan_code = fields.String()
    status = fields.String()
    status_since = fields.Moment()
    waits_for = fields.String(allow_none=True, metadata={"description": "The step of the office it waits for"})
    submitted_at = fields.Moment(allow_none=True)
    days_after_death = fields.Whole(allow_none=True)
    late = fields.Boolean(metadata={"description": "Reported after more than 30 days"})
    deadline = fields.Moment(allow_none=True)
    legal_deadline = fields.Moment(allow_none=True)
    record_no = fields.String(allow_none=True)
    certificate_id = fields.UUID(allow_none=True)


class DeathStandingView(DeathLineView):
    """What came of a step: nobody is named."""


class OpenedDeathView(DeathLineView):
    """What was opened."""

    claim_code = fields.String(allow_none=True, metadata={"description": "For who reports; shown to who filed it until it is claimed"})


class WaitingDeathView(DeathLineView):
    """A line of the queue."""


class DeathDocumentView(DocumentView):
    """A document of a report of a death."""


class DeathView(DeathLineView):
    """Everything the caller may see; for an auditor the registration without the people."""

    deceased = fields.Nested(Deceased)
    reporter = fields.Nested(DeathReporter)
    witnesses = fields.List(fields.Nested(NamedPerson))
    family_card_no = fields.String(allow_none=True)
    on_behalf = fields.Boolean(metadata={"description": "Filed for who reports, at the counter"})
    claim_code = fields.String(allow_none=True, metadata={"description": "For who reports; shown to who filed it until it is claimed"})
    documents = fields.List(fields.Nested(DocumentView))
    missing = fields.List(fields.String(), metadata={"description": "Requirements of the path that no document meets yet"})
    history = fields.List(fields.Nested(HistoryView))


class DeathPathList(Schema):
    items = fields.List(fields.Nested(PathView))
    wordings = fields.List(fields.Nested(WordingView))
    next = fields.String(allow_none=True)


class DeathListQuery(Schema):
    mine = fields.Boolean(load_default=False)


@deaths.get("/death-registrations/paths")
@deaths.response(200, DeathPathList)
def list_death_paths() -> dict[str, Any]:
    """The ways to register a death and the papers each accepts."""
    return {"items": death_paths(), "wordings": death_wordings().values(), "next": None}


@deaths.post("/death-registrations")
@idempotent
@deaths.arguments(DeathReport)
@deaths.response(201, OpenedDeathView)
def open_death_registration(asked: dict[str, Any]) -> dict[str, Any]:
    """Open the report of a death, as a draft. The answer is kept for its key, so it names nobody."""
    return use_cases.standing(actor(), shown(use_cases.open_filing(session(), actor(), now(), asked)))


@deaths.post("/death-registrations/claims")
@deaths.arguments(ClaimRequest)
@deaths.response(200, DeathStandingView)
def claim_death_registration(asked: dict[str, Any]) -> DeathRegistration:
    """Make a report one's own that was filed for one at the counter. Twice is once."""
    return shown(claims.claim_death(session(), actor(), now(), asked["code"], asked["nik"]))


@deaths.get("/death-registrations")
@deaths.arguments(DeathListQuery, location="query")
@deaths.paged(DeathLineView)
def list_death_registrations(query: dict[str, Any]) -> dict[str, Any]:
    """My reports, or those of my office; newest first, nobody named."""
    return page(use_cases.listed(actor(), mine=query["mine"]), DeathRegistration.id.desc())


@deaths.get("/death-registrations/<uuid:registration_id>")
@deaths.arguments(PurposeQuery, location="query")
@deaths.response(200, DeathView)
def show_death_registration(query: dict[str, Any], registration_id: UUID) -> dict[str, Any]:
    """One report; an official says why they look, and the reporter sees that they did."""
    return use_cases.show(session(), actor(), case(DeathRegistration, registration_id), query.get("purpose"))


@deaths.patch("/death-registrations/<uuid:registration_id>")
@deaths.arguments(DeathChangeRequest)
@deaths.response(200, DeathView)
def change_death_registration(asked: dict[str, Any], registration_id: UUID) -> dict[str, Any]:
    """Mend what was wrong while it is a draft or was given back; the rest stays as it was."""
    registration = use_cases.change(actor(), case(DeathRegistration, registration_id), now(), asked)
    return use_cases.show(session(), actor(), registration, AT_THE_COUNTER)


@deaths.post("/death-registrations/<uuid:registration_id>/documents")
@deaths.arguments(UploadForm, location="form", content_type="multipart/form-data")
@deaths.response(201, DocumentView)
def attach_death_document(form: dict[str, Any], registration_id: UUID) -> DeathDocument:
    """Upload a document of a kind the path asks for."""
    return use_cases.attach(session(), actor(), case(DeathRegistration, registration_id), (form["kind"], request.files.get("file")), now())


@deaths.get("/death-registrations/<uuid:registration_id>/documents")
@deaths.paged(DeathDocumentView)
def list_death_documents(registration_id: UUID) -> dict[str, Any]:
    """The documents of a report, newest first: kinds and dates."""
    return page(use_cases.papers(case(DeathRegistration, registration_id)), DeathDocument.id.desc())


@deaths.get("/death-registrations/<uuid:registration_id>/documents/<uuid:document_id>")
@deaths.arguments(PurposeQuery, location="query")
@deaths.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def read_death_document(query: dict[str, Any], registration_id: UUID, document_id: UUID) -> Response:
    """The document itself; an official says why they read it."""
    wanted = (document_id, query.get("purpose"))
    served = birth_documents.read(session(), actor(), case(DeathRegistration, registration_id), wanted)
    return Response(served.body, headers=dict(served.headers))


@deaths.post("/death-registrations/<uuid:registration_id>/submission")
@idempotent
@deaths.response(200, DeathStandingView)
def submit_death_registration(registration_id: UUID) -> DeathRegistration:
    """Hand the report in, first or again after it was given back."""
    return use_cases.submit(session(), actor(), case(DeathRegistration, registration_id), now())


@deaths.post("/death-registrations/<uuid:registration_id>/withdrawal")
@deaths.arguments(WithdrawalRequest)
@deaths.response(200, DeathStandingView)
def withdraw_death_registration(asked: dict[str, Any], registration_id: UUID) -> DeathRegistration:
    """Take the report back, until the death stands in the register. It can be reported anew."""
    return withdrawals.withdraw(session(), case(DeathRegistration, registration_id), actor(), asked["reason_code"], now())
