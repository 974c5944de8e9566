"""The parent's side: open, change, submit; and who may look."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.birth_status import Status
from civil_registry.model.office_way import Filing
from civil_registry.model.registration_document import RegistrationDocument
from civil_registry.model.registration_history import HistoryLine
from civil_registry.rules.lateness import days_after_birth, is_late
from civil_registry.rules.paths import Path, Requirement
from civil_registry.rules.sight import Sight
from civil_registry.use_cases import hands, name_sounds, notified
from civil_registry.use_cases.birth_particulars import check, columns, details_of, merged, write_people
from civil_registry.use_cases.claims import NOBODY, claim_index, code_of
from civil_registry.use_cases.disagreements import warnings_of
from civil_registry.use_cases.disclosure import disclosed, look
from civil_registry.use_cases.duplicates import must_be_new
from civil_registry.use_cases.notified import BIRTH_LETTER, notified_as_said
from civil_registry.use_cases.registry_data import OFFICE, clocks, path_under
from civil_registry.use_cases.siblings import children_of, in_hand, named_by_place, siblings_of
from smartcity.calendar import day_of, deadline
from smartcity.errors import Forbidden, RuleBroken
from smartcity.files import FileStatus, StoredFile
from smartcity.http import Actor
from smartcity.storage import official_number, uuid7

STANDING = (
    "id", "number", "path", "circumstances", "office", "kelurahan_code", "status", "status_since", "waits_for", "submitted_at", "days_after_birth", "late",
    "late_decision", "deadline", "legal_deadline", "record_no", "certificate_id",
)  # fmt: skip
STAFF = ("officer", "registrar", "signer", "head", "auditor")


@dataclass(frozen=True)
class Filed:
    """Whose a registration is, who filed it where that is somebody else, and which siblings were reported along."""

    owner_sub: str
    filed_by_sub: str | None = None
    filing_id: UUID | None = None


def open_filing(session: Session, actor: Actor, now: datetime, request: dict[str, Any]) -> BirthRegistration:
    """A draft for each child of one birth; answers that of `child`. On behalf of a parent it is nobody's until the parent claims it.

    Raises `InputWrong` for what cannot be, `RuleBroken` for a child filed already, `Forbidden` for who may not file for others, or only for them.
    """
    behalf = request["on_behalf"]
    if not actor.has("officer" if behalf else "citizen") or (behalf and actor.office != OFFICE):
        raise Forbidden("filed-for-whom")
    children = children_of(request)
    filed = Filed(NOBODY if behalf else actor.sub, actor.sub if behalf else None, uuid7() if len(children) > 1 else None)
    shared = {name: said for name, said in request.items() if name not in ("siblings", "on_behalf")}
    opened = []
    for turn, child in enumerate(children):
        with named_by_place(turn):
            opened.append(_open(session, filed, now, {**shared, "child": child}))
    for registration in opened:
        hands.filed(session, actor, registration, now)
    return opened[0]


def _open(session: Session, filed: Filed, now: datetime, details: dict[str, Any]) -> BirthRegistration:
    check(details, now)
    must_be_new(session, details)
    return draft(session, filed, now, details)


def draft(session: Session, filed: Filed, now: datetime, details: dict[str, Any]) -> BirthRegistration:
    """A draft of what is said so far; whether it is whole is asked when it is handed in."""
    registration = BirthRegistration(
        id=uuid7(), office=OFFICE, created_at=now, updated_at=now, status_since=now, **vars(filed), **columns(details)
    )  # fmt: skip
    registration.claim_index = claim_index(registration.id) if filed.filed_by_sub else None
    write_people(registration, details)
    actor = filed.filed_by_sub or filed.owner_sub
    registration.history.append(HistoryLine(position=1, status=Status.DRAFT, at=now, actor_sub=actor))
    session.add(registration)
    return registration


def change(session: Session, actor: Actor, registration: BirthRegistration, now: datetime, request: dict[str, Any]) -> BirthRegistration:
    """Other particulars, while the registration is in the parent's hands. What is not named stays as it was.

    What is not of the child holds for its siblings of the same filing too, as far as they are with the parent.
    """
    hands.must_be_filer(actor, registration)
    registration.must_be_editable()
    _change(session, registration, now, request)
    if shared := {name: said for name, said in request.items() if name != "child"}:
        for sibling in in_hand(session, registration):
            _change(session, sibling, now, shared)
    return registration


def _change(session: Session, registration: BirthRegistration, now: datetime, request: dict[str, Any]) -> None:
    details = merged(details_of(registration), request)
    check(details, now)
    must_be_new(session, details, besides=registration.id)
    for name, value in columns(details).items():
        setattr(registration, name, value)
    write_people(registration, details)
    registration.updated_at = now


def path_of(registration: BirthRegistration) -> Path:
    """The path it goes, in its circumstances; raises `LookupError` where the tables have lost one of them."""
    return path_under(registration.path, registration.circumstances)


def missing_papers(session: Session, registration: BirthRegistration) -> tuple[Requirement, ...]:
    """What the path still asks for; an upload that was found broken does not count, and a hospital's own word is its letter."""
    kinds = session.scalars(
        sa.select(RegistrationDocument.kind)
        .join(StoredFile, StoredFile.id == RegistrationDocument.file_id)
        .where(RegistrationDocument.registration_id == registration.id, StoredFile.status != FileStatus.REFUSED)
    )
    found = set(kinds)
    if notified_as_said(session, registration):
        found.add(BIRTH_LETTER)
    return path_of(registration).missing(found)


def submit(session: Session, actor: Actor, registration: BirthRegistration, now: datetime) -> BirthRegistration:
    """Into the office's hands, first or again; with it the drafts of its siblings."""
    hands.must_be_filer(actor, registration)
    drafts = [sibling for sibling in in_hand(session, registration) if sibling.status is Status.DRAFT]
    for one in (registration, *drafts):
        _submit(session, actor, one, now)
    return registration


def _submit(session: Session, actor: Actor, registration: BirthRegistration, now: datetime) -> None:
    """The day of the first submission decides whether the report is late."""
    registration.must_be_submittable()
    details = details_of(registration)
    check(details, now)
    if missing := missing_papers(session, registration):
        raise RuleBroken("documents-missing", kinds=", ".join(paper.kind for need in missing for paper in need.one_of[:1]))
    must_be_new(session, details, besides=registration.id)
    received = registration.submitted_at or now
    days = days_after_birth(day_of(received), registration.born_on)
    promise, law = clocks()["service_standard"], clocks()["issue"]
    filing = Filing(
        number=registration.number or _number(session, now),
        days=days,
        late=is_late(days, clocks()["report_birth"].days),
        deadline=deadline(now, promise.days, promise.kind),
        legal_deadline=deadline(now, law.days, law.kind),
    )
    registration.submit(filing, actor.sub, now)
    name_sounds.write(session, registration)


def _number(session: Session, now: datetime) -> str:
    return official_number(session, "P-LAHIR", OFFICE, day_of(now).year)


def show(session: Session, actor: Actor, registration: BirthRegistration, purpose: str | None = None) -> dict[str, Any]:
    """One registration as far as the actor needs to see it; an official's look is recorded."""
    sight = look(session, actor, registration, purpose)
    details = details_of(registration)
    people = {name: said for name, said in details.items() if name not in STANDING}
    seen = sight is not Sight.NONE
    return {
        **standing(actor, registration),
        "siblings": siblings_of(session, registration),
        "on_behalf": registration.filed_by_sub is not None,
        "documents": registration.documents,
        "missing": [need.code for need in missing_papers(session, registration)],
        "history": [_line(line, line.reasons if seen else []) for line in registration.history],
        "warnings": [*warnings_of(details), *notified.warnings_of(session, registration)] if seen else [],
        **disclosed(people, sight),
    }


def standing(actor: Actor, registration: BirthRegistration) -> dict[str, Any]:
    """How it stands, naming nobody; to who filed it for a parent, until that claims it, with the code for it."""
    prints_code = registration.owner_sub == NOBODY and registration.filed_by_sub in actor.acts_as
    code = code_of(registration.id) if prints_code else None
    return {**{name: getattr(registration, name) for name in STANDING}, "claim_code": code}


def _line(line: HistoryLine, reasons: list[str]) -> dict[str, Any]:
    return {"status": line.status, "at": line.at, "step": line.step, "reason_code": line.reason_code, "reasons": reasons}


def listed(actor: Actor, status: Status | None, *, mine: bool) -> sa.Select[BirthRegistration]:
    """The actor's own registrations, or those of their office (an auditor's: of every office), without names."""
    query = sa.select(BirthRegistration)
    if status is not None:
        query = query.where(BirthRegistration.status == status)
    if mine or not any(actor.has(role) for role in STAFF):
        return query.where(BirthRegistration.owner_sub == actor.sub)
    return query if actor.has("auditor") else query.where(BirthRegistration.office == actor.office)
