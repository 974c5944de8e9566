"""`birth-registrations/{id}/documents`: uploaded by the parent, read by the office."""

from typing import Any
from uuid import UUID

from flask import Response, request
from flask_smorest.fields import Upload

from civil_registry.api.birth_views import DocumentView
from civil_registry.api.purpose import PurposeQuery
from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.registration_document import RegistrationDocument
from civil_registry.use_cases import birth_documents
from smartcity.http import Blueprint, Schema, actor, case, fields, now, page, session

documents = Blueprint("birth_documents", description="Documents of a registration.")


class UploadForm(Schema):
    kind = fields.Code(required=True)
    file = Upload(metadata={"description": "PDF, JPEG or PNG, at most 10 MB"})


@documents.post("/birth-registrations/<uuid:registration_id>/documents")
@documents.arguments(UploadForm, location="form", content_type="multipart/form-data")
@documents.response(201, DocumentView)
def attach_birth_document(form: dict[str, Any], registration_id: UUID) -> RegistrationDocument:
    """Upload a document of a kind the path asks for."""
    registration = case(BirthRegistration, registration_id)
    return birth_documents.attach(session(), actor(), registration, (form["kind"], request.files.get("file")), now())


@documents.get("/birth-registrations/<uuid:registration_id>/documents")
@documents.paged(DocumentView)
def list_birth_documents(registration_id: UUID) -> dict[str, Any]:
    """The documents of a registration, newest first: kinds and dates."""
    return page(birth_documents.listed(case(BirthRegistration, registration_id)), RegistrationDocument.id.desc())


@documents.get("/birth-registrations/<uuid:registration_id>/documents/<uuid:document_id>")
@documents.arguments(PurposeQuery, location="query")
@documents.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def read_birth_document(query: dict[str, Any], registration_id: UUID, document_id: UUID) -> Response:
    """The document itself; an official says why they read it."""
    wanted = (document_id, query.get("purpose"))
    served = birth_documents.read(session(), actor(), case(BirthRegistration, registration_id), wanted)
    return Response(served.body, headers=dict(served.headers))
