"""Clearances of other offices: asked when the application is complete, answered by their officers, or by their silence."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, object_session, selectinload

from licensing.model.application_status import EXAMINABLE, Status
from licensing.model.clearance import Answer, Clearance, Silence, ask
from licensing.model.permit_application import PermitApplication
from licensing.use_cases.permit_types import permit_type
from licensing.use_cases.staff import seen
from smartcity import due, files
from smartcity.errors import InputWrong, NotFound
from smartcity.http import Actor
from smartcity.storage import get

FALL_DUE = "licensing.clearance"


def follow(application: PermitApplication, now: datetime) -> None:
    """Ask when the application is complete; stand still whenever it is not before the examiners."""
    if application.status is Status.COMPLETE:
        kind = permit_type(application.permit_type)
        ask(application.clearances, kind.clearances_for(application.answers), now)
    elif application.status not in EXAMINABLE:
        for clearance in application.clearances:
            clearance.stop(now)
    appoint(application)


def appoint(application: PermitApplication) -> None:
    """When each of its clearances falls due next."""
    for clearance in application.clearances:
        _appoint(application, clearance)


def _appoint(application: PermitApplication, clearance: Clearance) -> None:
    session = object_session(application)
    assert session is not None
    due.appoint(session, FALL_DUE, str(clearance.id), clearance.next_moment)


def fall_due(session: Session, subject: str, now: datetime) -> None:
    """Half of its time is used, or all: silence is recorded as approval where the type says so, else somebody is told."""
    application = get(session, PermitApplication, get(session, Clearance, UUID(subject)).application_id, lock=True)
    clearance = get(session, Clearance, UUID(subject), lock=True)
    percent = clearance.passed(now) if clearance.since else 0
    if percent >= 100 and clearance.silence is Silence.APPROVAL:
        clearance.take_silence(now)
    elif percent:
        application.escalate(clearance, percent, "clearance", "officer", clearance.office)
    _appoint(application, clearance)


def answer(clearance: Clearance, actor: Actor, said: Answer, reasons: tuple[str, ...], now: datetime) -> Clearance:
    """The office's word. Raises `InputWrong` for a refusal without reasons."""
    if said is Answer.REFUSED and not reasons:
        raise InputWrong({"reasons": ["required"]})
    clearance.say(said, actor.sub, reasons, now)
    _appoint(clearance.application, clearance)
    return clearance


def listed(session: Session, actor: Actor, application: PermitApplication) -> sa.Select[Clearance]:
    """What was asked of other offices about one application."""
    seen(session, actor, application, "clearances listed")
    return sa.select(Clearance).where(Clearance.application_id == application.id)


def show(session: Session, actor: Actor, application_id: UUID, clearance: Clearance) -> Clearance:
    """The question with what the office needs to answer it; raises `NotFound` under another application."""
    if clearance.application_id != application_id:
        raise NotFound()
    seen(session, actor, clearance.application, "clearance shown")
    return clearance


def read_document(session: Session, actor: Actor, clearance: Clearance, document_id: UUID) -> files.ServedFile:
    """One of those documents; raises `NotFound` where it is none of them."""
    document = next((one for one in clearance.needed_documents if one.id == document_id), None)
    if document is None:
        raise NotFound()
    seen(session, actor, clearance.application, "document read for a clearance")
    return files.serve(session, document.file_id)


def waiting(actor: Actor) -> sa.Select[Clearance]:
    """What waits for the actor's office to answer."""
    # the condition is written out so that the planner sees it implies the partial index
    query = sa.select(Clearance).where(Clearance.office == actor.office, sa.text("clearance.since IS NOT NULL"))
    return query.options(selectinload(Clearance.application))


def line(clearance: Clearance) -> dict[str, Any]:
    """A line of the queue: the application with the question that waits."""
    application = clearance.application
    names = ("id", "number", "permit_type", "office", "kelurahan_code", "submitted_at", "retribution", "permit_id")
    shown = {name: getattr(application, name) for name in names}
    asked = {"status_since": clearance.asked_at, "clearance_id": clearance.id, "clearance_due_on": clearance.due_on}
    return {**shown, "status": application.status, **asked}
