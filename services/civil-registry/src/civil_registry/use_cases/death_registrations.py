"""The reporter's side of a death: opened, changed, papers shown, handed in; and who may look."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_registration import WAITING, Sex
from civil_registry.model.birth_status import Status
from civil_registry.model.death_registration import FILED, DeathDocument, DeathHistoryLine, DeathRegistration
from civil_registry.model.office_way import Filing
from civil_registry.rules.deaths import impossible_death
from civil_registry.rules.lateness import is_late
from civil_registry.rules.paths import Path, Requirement
from civil_registry.rules.register_chain import canonical
from civil_registry.rules.sight import Sight
from civil_registry.use_cases import hands
from civil_registry.use_cases.birth_particulars import merged, nik_index
from civil_registry.use_cases.claims import NOBODY, claim_index, code_of
from civil_registry.use_cases.disclosure import disclosed, look
from civil_registry.use_cases.registry_data import OFFICE, clocks, death_path
from smartcity import files
from smartcity.calendar import JAKARTA, day_of, deadline
from smartcity.errors import Forbidden, InputWrong, RuleBroken
from smartcity.files import FileStatus, StoredFile
from smartcity.http import Actor
from smartcity.regions import kelurahan
from smartcity.storage import official_number, uuid7

DAYS = ("born_on", "died_on")
STANDING = (
    "id", "number", "path", "office", "kelurahan_code", "status", "status_since", "waits_for", "submitted_at", "days_after_death", "late",
    "deadline", "legal_deadline", "record_no", "certificate_id",
)  # fmt: skip
STAFF = ("officer", "registrar", "signer", "head", "auditor")


def open_filing(session: Session, actor: Actor, now: datetime, asked: Mapping[str, Any]) -> DeathRegistration:
    """A draft of the report of a death. On behalf of its reporter it is nobody's until they claim it.

    Raises `InputWrong` for what cannot be, `Forbidden` for who may not file for others, or only for them.
    """
    behalf, details = asked["on_behalf"], {name: said for name, said in asked.items() if name != "on_behalf"}
    if not actor.has("officer" if behalf else "citizen") or (behalf and actor.office != OFFICE):
        raise Forbidden("filed-for-whom")
    _check(details, now)
    registration = DeathRegistration(
        id=uuid7(), office=OFFICE, owner_sub=NOBODY if behalf else actor.sub, filed_by_sub=actor.sub if behalf else None, created_at=now,
        updated_at=now, status_since=now, **_columns(details),
    )  # fmt: skip
    registration.claim_index = claim_index(registration.id) if behalf else None
    registration.history.append(DeathHistoryLine(position=1, status=Status.DRAFT, at=now, actor_sub=actor.sub))
    session.add(registration)
    hands.filed(session, actor, registration, now)
    return registration


def change(actor: Actor, registration: DeathRegistration, now: datetime, request: Mapping[str, Any]) -> DeathRegistration:
    """Other particulars, while it is with the reporter. What is not named stays as it was."""
    hands.must_be_filer(actor, registration)
    registration.must_be_editable()
    details = merged(details_of(registration), request)
    _check(details, now)
    for name, value in _columns(details).items():
        setattr(registration, name, value)
    registration.updated_at = now
    return registration


def details_of(registration: DeathRegistration) -> dict[str, Any]:
    """Everything that was reported, dates as dates."""
    said = registration.details
    deceased = {name: date.fromisoformat(value) if name in DAYS and value else value for name, value in said["deceased"].items()}
    return {**said, "deceased": {**deceased, "sex": Sex(said["deceased"]["sex"])}}


def _columns(details: Mapping[str, Any]) -> dict[str, Any]:
    deceased = details["deceased"]
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in deceased.items()}
    return {
        "path": details["path"],
        "kelurahan_code": details["kelurahan_code"],
        "said": canonical({**details, "deceased": plain}),
        "deceased_nik_index": nik_index(deceased["nik"]) if deceased.get("nik") else None,
        "died_on": deceased["died_on"],
    }


def _check(details: Mapping[str, Any], now: datetime) -> None:
    path = death_path(details["path"])
    if path is None or not path.open_on(day_of(now)):
        raise InputWrong({"path": ["path-unknown" if path is None else "path-not-open"]})
    wrong = impossible_death(details, now.astimezone(JAKARTA).replace(tzinfo=None))
    for part, said in path.wrong_answers(details).items():
        wrong[part] = {**wrong[part], **said} if isinstance(said, dict) and isinstance(wrong.get(part), dict) else said
    if kelurahan(details["kelurahan_code"]) is None:
        wrong["kelurahan_code"] = ["region-outside-medan"]
    if wrong:
        raise InputWrong(wrong)


def path_of(registration: DeathRegistration) -> Path:
    """The path it goes; raises `LookupError` where the table has lost it."""
    path = death_path(registration.path)
    if path is None:
        raise LookupError(f"the tables no longer know the path {registration.path}")
    return path


def attach(session: Session, actor: Actor, registration: DeathRegistration, sent: tuple[str, Any], now: datetime) -> DeathDocument:
    """Keep what is sent (its kind, the upload). Raises `InputWrong` for a kind the path does not ask, or a wrong file."""
    kind, upload = sent
    hands.must_be_filer(actor, registration)
    registration.must_be_editable()
    if kind not in path_of(registration).document_kinds:
        raise InputWrong({"kind": ["paper-not-asked"]})
    stored = files.receive(session, upload, owner=registration.owner_sub)
    session.flush()
    document = DeathDocument(kind=kind, file_id=stored.id, uploaded_at=now)
    registration.attach(document, now)
    return document


def papers(registration: DeathRegistration) -> sa.Select[DeathDocument]:
    """Its documents: kinds and dates."""
    return sa.select(DeathDocument).where(DeathDocument.registration_id == registration.id)


def missing_papers(session: Session, registration: DeathRegistration) -> tuple[Requirement, ...]:
    """What the path still asks for; an upload that was found broken does not count."""
    kinds = session.scalars(
        sa.select(DeathDocument.kind)
        .join(StoredFile, StoredFile.id == DeathDocument.file_id)
        .where(DeathDocument.registration_id == registration.id, StoredFile.status != FileStatus.REFUSED)
    )
    return path_of(registration).missing(set(kinds))


def submit(session: Session, actor: Actor, registration: DeathRegistration, now: datetime) -> DeathRegistration:
    """Into the office's hands, first or again; the day of the first submission decides whether the report is late."""
    hands.must_be_filer(actor, registration)
    registration.must_be_submittable()
    _check(details_of(registration), now)
    if missing := missing_papers(session, registration):
        raise RuleBroken("documents-missing", kinds=", ".join(need.one_of[0].kind for need in missing))
    _must_be_new(session, registration)
    days = (day_of(registration.submitted_at or now) - registration.died_on).days
    promise, law = clocks()["service_standard"], clocks()["issue"]
    filing = Filing(
        number=registration.number or official_number(session, "P-MATI", OFFICE, day_of(now).year),
        days=days,
        late=is_late(days, clocks()["report_death"].days),
        deadline=deadline(now, promise.days, promise.kind),
        legal_deadline=deadline(now, law.days, law.kind),
    )
    registration.submit(filing, actor.sub, now)
    return registration


def _must_be_new(session: Session, registration: DeathRegistration) -> None:
    """A person dies once; the unique index holds it for two that come at once."""
    if registration.deceased_nik_index is None:
        return
    same = sa.select(DeathRegistration.id).where(
        DeathRegistration.deceased_nik_index == registration.deceased_nik_index,
        sa.text(FILED),
        DeathRegistration.id != registration.id,
    )
    if session.scalars(same).first():
        raise RuleBroken("death-already-filed")


def found_by(registration: DeathRegistration, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """A corrected NIK is the one by which a second report of this death is known."""
    if "nik" in changes.get("deceased", {}):
        nik = changes["deceased"]["nik"]
        registration.deceased_nik_index = nik_index(nik) if nik else None


def show(session: Session, actor: Actor, registration: DeathRegistration, purpose: str | None = None) -> dict[str, Any]:
    """One registration as far as the actor needs to see it; an official's look is recorded."""
    sight = look(session, actor, registration, purpose)
    seen = sight is not Sight.NONE
    people = {name: said for name, said in details_of(registration).items() if name not in STANDING}
    history = [
        {"status": line.status, "at": line.at, "step": line.step, "reason_code": line.reason_code, "reasons": line.reasons if seen else []}
        for line in registration.history
    ]
    return {
        **standing(actor, registration),
        "on_behalf": registration.filed_by_sub is not None,
        "documents": registration.documents,
        "missing": [need.code for need in missing_papers(session, registration)],
        "history": history,
        **disclosed(people, sight),
    }


def standing(actor: Actor, registration: DeathRegistration) -> dict[str, Any]:
    """How it stands, naming nobody; to who filed it for its reporter, until they claim it, with the code for that."""
    prints_code = registration.owner_sub == NOBODY and registration.filed_by_sub in actor.acts_as
    code = code_of(registration.id) if prints_code else None
    return {**{name: getattr(registration, name) for name in STANDING}, "claim_code": code}


def listed(actor: Actor, *, mine: bool) -> sa.Select[DeathRegistration]:
    """The actor's own registrations, or those of their office (an auditor's: of every office), without names."""
    query = sa.select(DeathRegistration)
    if mine or not any(actor.has(role) for role in STAFF):
        return query.where(DeathRegistration.owner_sub == actor.sub)
    return query if actor.has("auditor") else query.where(DeathRegistration.office == actor.office)


def waiting(actor: Actor) -> sa.Select[DeathRegistration]:
    """Registrations of the actor's office that wait for a step."""
    return sa.select(DeathRegistration).where(DeathRegistration.office == actor.office, sa.text(WAITING))
