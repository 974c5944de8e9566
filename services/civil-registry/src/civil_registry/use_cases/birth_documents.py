"""Documents of a registration: uploaded by the parent, read by the office."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.death_registration import DeathRegistration
from civil_registry.model.registration_document import RegistrationDocument
from civil_registry.rules.sight import Sight
from civil_registry.use_cases import hands
from civil_registry.use_cases.birth_registrations import path_of
from civil_registry.use_cases.disclosure import look
from civil_registry.use_cases.siblings import in_hand
from smartcity import files
from smartcity.errors import Forbidden, InputWrong, NotFound
from smartcity.http import Actor


def attach(session: Session, actor: Actor, registration: BirthRegistration, sent: tuple[str, Any], now: datetime) -> RegistrationDocument:
    """Keep what is sent (its kind, the upload) as a document, for its siblings of the same filing too as far as they are with the parent and ask for it.

    Raises `InputWrong` for a kind the path does not ask, or a wrong file.
    """
    kind, upload = sent
    hands.must_be_filer(actor, registration)
    registration.must_be_editable()
    if kind not in path_of(registration).document_kinds:
        raise InputWrong({"kind": ["paper-not-asked"]})
    stored = files.receive(session, upload, owner=registration.owner_sub)
    session.flush()
    document = RegistrationDocument(kind=kind, file_id=stored.id, uploaded_at=now)
    registration.attach(document, now)
    for sibling in in_hand(session, registration):
        if kind in path_of(sibling).document_kinds:
            sibling.attach(RegistrationDocument(kind=kind, file_id=stored.id, uploaded_at=now), now)
    return document


def listed(registration: BirthRegistration) -> sa.Select[RegistrationDocument]:
    """The documents of one registration: kinds and dates."""
    return sa.select(RegistrationDocument).where(RegistrationDocument.registration_id == registration.id)


def read(
    session: Session, actor: Actor, registration: BirthRegistration | DeathRegistration, wanted: tuple[UUID, str | None]
) -> files.ServedFile:
    """The content of one document, `wanted` being its id and the purpose; an official's look is recorded.

    Raises `NotFound` where the registration has no such document, `Forbidden` for who may see no person.
    """
    document_id, purpose = wanted
    document = next((document for document in registration.documents if document.id == document_id), None)
    if document is None:
        raise NotFound()
    if look(session, actor, registration, purpose) is Sight.NONE:
        raise Forbidden()
    return files.serve(session, document.file_id)
