"""`permit-applications/{id}/documents`: uploaded by the applicant, read by the office."""

from typing import Any
from uuid import UUID

from flask import Response, request
from flask_smorest.fields import Upload

from licensing.api.application_views import DocumentView
from licensing.model.application_document import ApplicationDocument
from licensing.model.permit_application import PermitApplication
from licensing.use_cases import application_documents
from smartcity.http import Blueprint, Schema, actor, case, fields, now, page, session

documents = Blueprint("application_documents", description="Documents of an application.")


class UploadForm(Schema):
    kind = fields.Code(required=True)
    expires_on = fields.Day(metadata={"description": "Its last day, for a kind that has one", "example": "2027-12-31"})
    file = Upload(metadata={"description": "PDF, JPEG or PNG, at most 10 MB"})


@documents.post("/permit-applications/<uuid:application_id>/documents")
@documents.arguments(UploadForm, location="form", content_type="multipart/form-data")
@documents.response(201, DocumentView)
def attach_application_document(form: dict[str, Any], application_id: UUID) -> ApplicationDocument:
    """Upload a document of a kind the permit type asks for."""
    application = case(PermitApplication, application_id)
    return application_documents.attach(session(), application, form, request.files.get("file"), now())


@documents.get("/permit-applications/<uuid:application_id>/documents")
@documents.paged(DocumentView)
def list_application_documents(application_id: UUID) -> dict[str, Any]:
    """The documents of an application, newest first."""
    found = application_documents.listed(session(), actor(), case(PermitApplication, application_id))
    return page(found, ApplicationDocument.id.desc())


@documents.get("/permit-applications/<uuid:application_id>/documents/<uuid:document_id>")
@documents.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def read_application_document(application_id: UUID, document_id: UUID) -> Response:
    """The document itself."""
    served = application_documents.read(session(), actor(), case(PermitApplication, application_id), document_id)
    return Response(served.body, headers=dict(served.headers))
