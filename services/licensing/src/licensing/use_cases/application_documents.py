"""Documents of an application: uploaded by the applicant, read by the office."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from licensing.model.application_document import ApplicationDocument
from licensing.model.permit_application import PermitApplication
from licensing.use_cases import lapses
from licensing.use_cases.permit_types import PermitType, permit_type
from licensing.use_cases.staff import seen
from smartcity import files
from smartcity.calendar import day_of
from smartcity.errors import InputWrong, NotFound
from smartcity.http import Actor

LONGEST_NAME = 120


def attach(session: Session, application: PermitApplication, form: dict[str, Any], upload: Any, now: datetime) -> ApplicationDocument:
    """Keep an upload as a document of `kind`, with its last day `expires_on` where the kind has one.

    Raises `InputWrong` for a kind the permit type does not ask, one that has expired, or a wrong file.
    """
    application.must_be_editable()
    if wrong := _wrong(permit_type(application.permit_type), form, day_of(now)):
        raise InputWrong(wrong)
    stored = files.receive(session, upload, owner=application.owner_sub)
    session.flush()
    document = ApplicationDocument(
        kind=form["kind"], file_id=stored.id, name=_shortened(upload.filename), uploaded_at=now, expires_on=form.get("expires_on")
    )
    application.attach(document, now)
    lapses.watch(application, now)
    return document


def _wrong(kind: PermitType, form: dict[str, Any], today: date) -> dict[str, list[str]]:
    if form["kind"] not in kind.document_kinds:
        return {"kind": ["not-in-table"]}
    last_day = form.get("expires_on")
    if (form["kind"] in kind.expiring_documents) != (last_day is not None):
        return {"expires_on": ["no-last-day" if last_day else "required"]}
    return {"expires_on": ["document-expired"]} if last_day and last_day < today else {}


def _shortened(name: str) -> str:
    return name[-LONGEST_NAME:]


def listed(session: Session, actor: Actor, application: PermitApplication) -> sa.Select[ApplicationDocument]:
    """The documents of one application."""
    seen(session, actor, application, "documents listed")
    return sa.select(ApplicationDocument).where(ApplicationDocument.application_id == application.id)


def read(session: Session, actor: Actor, application: PermitApplication, document_id: UUID) -> files.ServedFile:
    """The content of one document; raises `NotFound` where the application has no such document."""
    document = next((document for document in application.documents if document.id == document_id), None)
    if document is None:
        raise NotFound()
    seen(session, actor, application, "document read")
    return files.serve(session, document.file_id)
