"""The margin of an entry: notes are added, and the entry is read with them."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.certificate import Certificate
from civil_registry.model.death_record import DeathRecord
from civil_registry.model.marginal_note import MarginalNote
from civil_registry.model.record_act import ActKind, RecordAct
from civil_registry.rules.corrections import corrected
from civil_registry.rules.register_chain import canonical, hash_of
from civil_registry.use_cases.chains import NOTES, next_place
from smartcity.calendar import day_of
from smartcity.money import terbilang

Entry = BirthRecord | DeathRecord
NIK_GIVEN = "nik_given"
HIDDEN = ("salt", "proposer_sub", "signer_sub")


def add_note(session: Session, act: RecordAct, signer: str, now: datetime) -> MarginalNote:
    """What a signed act says, in the margin of its entry."""
    said = {**act.says, "act_id": str(act.id), "reason_code": act.reason_code, "proposer_sub": act.proposer_sub, "signer_sub": signer}
    return _added(session, act.record, (act.kind.value, act.id), said, now)


def note_nik(session: Session, record: BirthRecord, nik: str, now: datetime) -> MarginalNote:
    """The NIK of the child, given after the entry was made."""
    return _added(session, record, (NIK_GIVEN, None), {"changes": {"child": {"nik": nik}}}, now)


def _added(session: Session, record: Entry, what: tuple[str, UUID | None], said: dict[str, Any], now: datetime) -> MarginalNote:
    (kind, act_id), of_death = what, isinstance(record, DeathRecord)
    position, previous = next_place(session, NOTES)
    content = canonical({
        **said,
        "record_id": str(record.id),
        "record_no": record.number,
        "record_hash": record.hash.hex(),
        "kind": kind,
        "noted_on": day_of(now).isoformat(),
        "salt": secrets.token_hex(16),
    })  # fmt: skip
    note = MarginalNote(
        position=position, record_id=None if of_death else record.id, death_record_id=record.id if of_death else None, act_id=act_id, kind=kind, noted_on=day_of(now), content=content,
        previous_hash=previous, hash=hash_of(previous, position, content),
    )  # fmt: skip
    session.add(note)
    session.flush()
    return note


def notes_of(session: Session, record: Entry, up_to: int | None = None) -> list[MarginalNote]:
    """The notes in the margin of an entry, in order; only those up to a position."""
    found_by = MarginalNote.death_record_id if isinstance(record, DeathRecord) else MarginalNote.record_id
    query = sa.select(MarginalNote).where(found_by == record.id).order_by(MarginalNote.position)
    return list(session.scalars(query if up_to is None else query.where(MarginalNote.position <= up_to)))


def read_with(record: Entry, notes: list[MarginalNote]) -> dict[str, Any]:
    """What the entry says when it is read with these notes."""
    return corrected(record.says, [note.says["changes"] for note in notes if note.kind in (ActKind.CORRECTION, NIK_GIVEN)])


def shown(note: MarginalNote) -> dict[str, Any]:
    """A note as it is read, without who stands behind it."""
    return {name: value for name, value in note.says.items() if name not in HIDDEN}


def in_margin(certificate: Certificate, notes: list[MarginalNote]) -> dict[str, Any]:
    """What an extract prints of them, and which extract it is, as of the second."""
    said = [text for note in notes if (text := note.says.get("note"))]
    return {"margin": said, "edition": f"Kutipan ke{terbilang(certificate.edition)}" if certificate.edition > 1 else None}
