"""Corrections, cancellations and further extracts of an entry: proposed by one person, signed by another, noted in its margin."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.certificate import CertificateStatus
from civil_registry.model.death_record import DeathRecord
from civil_registry.model.death_registration import DeathRegistration
from civil_registry.model.record_act import PENDING, ActKind, RecordAct
from civil_registry.rules.corrections import corrected, with_dates, wrong_correction
from civil_registry.rules.deaths import impossible_death
from civil_registry.rules.register_chain import canonical
from civil_registry.rules.sight import Sight
from civil_registry.use_cases.birth_particulars import must_be_possible
from civil_registry.use_cases.death_registrations import found_by
from civil_registry.use_cases.disclosure import disclosed, look
from civil_registry.use_cases.issuing import end, issue, registration_of
from civil_registry.use_cases.marginal_notes import add_note, notes_of, read_with
from civil_registry.use_cases.registry_data import must_be_reason
from smartcity import duties, files
from smartcity.calendar import JAKARTA, day_of
from smartcity.errors import Forbidden, InputWrong, NotFound, RuleBroken
from smartcity.http import Actor
from smartcity.storage import uuid7

Entry = BirthRecord | DeathRecord
PROPOSING = "proposing"
RULING = "court-ruling"


def correct(session: Session, actor: Actor, record: Entry, now: datetime, asked: Mapping[str, Any]) -> RecordAct:
    """Propose that errors of writing be corrected, with the note for the margin.

    Raises `InputWrong` for a correction of nothing, of somebody who is not in the entry, or to what cannot be.
    """
    must_be_reason("correction", asked["reason_code"])
    changes = _plain(asked["changes"])
    entry = read_with(record, notes_of(session, record))
    if wrong := wrong_correction(entry, changes):
        raise InputWrong(wrong)
    _must_be_possible(record, with_dates(corrected(entry, [changes])), now)
    return _proposed(session, actor, record, now, (ActKind.CORRECTION, asked["reason_code"], {"changes": changes, "note": asked["note"]}))


def _must_be_possible(record: Entry, reads: Mapping[str, Any], now: datetime) -> None:
    if isinstance(record, BirthRecord):
        must_be_possible(reads, now)
    elif wrong := impossible_death(reads, now.astimezone(JAKARTA).replace(tzinfo=None)):
        raise InputWrong(wrong)


def cancel(session: Session, actor: Actor, record: Entry, now: datetime, ruling: Mapping[str, Any]) -> RecordAct:
    """Propose that an entry be cancelled as a final court ruling says (UU 23/2006 Pasal 72): `file` is its paper."""
    if ruling["ruled_on"] > day_of(now):
        raise InputWrong({"ruled_on": ["ruling-in-the-future"]})
    stored = files.receive(session, ruling["file"], owner=record.owner_sub)
    session.flush()
    said = {"court": ruling["court"], "ruling_no": ruling["ruling_no"], "ruled_on": ruling["ruled_on"].isoformat()}
    return _proposed(session, actor, record, now, (ActKind.CANCELLATION, RULING, said), stored.id)


def copy(session: Session, actor: Actor, record: Entry, now: datetime, reason_code: str) -> RecordAct:
    """Ask for a further extract in the place of one that was lost or damaged."""
    must_be_reason("copy", reason_code)
    return _proposed(session, actor, record, now, (ActKind.COPY, reason_code, {}))


def _plain(changes: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """As they will stand in the note: dates written out."""
    return {
        part: {name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()}
        for part, fields in changes.items()
    }


def _proposed(
    session: Session,
    actor: Actor,
    record: Entry,
    now: datetime,
    what: tuple[ActKind, str, Mapping[str, Any]],
    file_id: UUID | None = None,
) -> RecordAct:
    (kind, reason_code, said), of_death = what, isinstance(record, DeathRecord)
    registration_of(session, record).must_be_amendable()
    pending = sa.select(RecordAct.id).where(RecordAct.about(record), sa.text(PENDING))
    if session.scalars(pending).first():
        raise RuleBroken("act-pending")
    act = RecordAct(
        id=uuid7(), record_no=record.number, office=record.office, kind=kind, reason_code=reason_code,
        content=canonical(said), proposer_sub=actor.sub, proposed_at=now, file_id=file_id,
        record_id=None if of_death else record.id, death_record_id=record.id if of_death else None,
    )  # fmt: skip
    session.add(act)
    duties.done(session, actor, act.id, PROPOSING, now)
    session.flush()
    return act


def sign(session: Session, actor: Actor, act: RecordAct, now: datetime) -> RecordAct:
    """It holds: noted in the margin; what was issued before holds no longer, and unless the entry is cancelled a new certificate is issued."""
    _must_be_another(session, actor, act)
    record = act.record
    registration = registration_of(session, record)
    registration.must_be_amendable()
    act.sign(actor.sub, now)
    note = add_note(session, act, actor.sub, now)
    if act.kind is ActKind.CANCELLATION:
        end(session, record, CertificateStatus.CANCELLED)
        registration.cancel(actor.sub, now, day_of(now))
        return act
    end(session, record, CertificateStatus.SUPERSEDED)
    if isinstance(registration, DeathRegistration) and act.kind is ActKind.CORRECTION:
        found_by(registration, act.says["changes"])
    registration.amend(actor.sub, now, corrected_on=day_of(now) if act.kind is ActKind.CORRECTION else None)
    issue(session, record, actor, now, note.position)
    return act


def refuse(session: Session, actor: Actor, act: RecordAct, reasons: list[str], now: datetime) -> RecordAct:
    """It does not hold, and whoever proposed it reads why; the entry stays as it reads."""
    _must_be_another(session, actor, act)
    act.refuse(actor.sub, "\n".join(reasons), now)
    return act


def _must_be_another(session: Session, actor: Actor, act: RecordAct) -> None:
    act.must_await(actor.sub)
    duties.must_be_another(session, actor, act.id, PROPOSING, code="act-needs-another-person")


def of_record(record: Entry) -> sa.Select[RecordAct]:
    """Everything that was done, or is proposed, about an entry."""
    return sa.select(RecordAct).where(RecordAct.about(record))


def waiting(actor: Actor) -> sa.Select[RecordAct]:
    """What waits for a signature in the actor's office."""
    return sa.select(RecordAct).where(RecordAct.office == actor.office, sa.text(PENDING))


def must_be_about(act: RecordAct, number: str) -> RecordAct:
    """The act, where it is about the entry with this number; raises `NotFound`."""
    if act.record_no != number:
        raise NotFound()
    return act


def show(session: Session, actor: Actor, act: RecordAct, purpose: str | None) -> dict[str, Any]:
    """What is proposed, as far as the actor needs to see it; an official's look is recorded."""
    sight = look(session, actor, act, purpose)
    reasons = act.refused_because.split("\n") if act.refused_because else []
    return {
        **{name: getattr(act, name) for name in ("id", "record_no", "kind", "status", "reason_code", "proposed_at", "decided_at")},
        "content": None if sight is Sight.NONE else disclosed(act.says, sight),
        "reasons": [] if sight is Sight.NONE else reasons,
    }


def paper(session: Session, actor: Actor, act: RecordAct, purpose: str | None) -> files.ServedFile:
    """The court's ruling; an official's look is recorded. Raises `NotFound` where the act rests on no paper, `Forbidden` for who may see no person."""
    if act.file_id is None:
        raise NotFound()
    if look(session, actor, act, purpose) is Sight.NONE:
        raise Forbidden()
    return files.serve(session, act.file_id)
