"""The margin of an entry: notes are added, and the entry is read with them."""

import secrets
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.marginal_note import MarginalNote
from civil_registry.model.record_act import ActKind, RecordAct
from civil_registry.rules.corrections import corrected
from civil_registry.rules.register_chain import canonical, hash_of
from civil_registry.use_cases.chains import NOTES, next_place
from smartcity.calendar import day_of

HIDDEN = ("salt", "proposer_sub", "signer_sub")


def add_note(session: Session, act: RecordAct, signer: str, now: datetime) -> MarginalNote:
    """What a signed act says, in the margin of its entry."""
    position, previous = next_place(session, NOTES)
    content = canonical({
        **act.says,
        "record_id": str(act.record_id),
        "record_no": act.record_no,
        "record_hash": act.record.hash.hex(),
        "act_id": str(act.id),
        "kind": act.kind.value,
        "reason_code": act.reason_code,
        "noted_on": day_of(now).isoformat(),
        "proposer_sub": act.proposer_sub,
        "signer_sub": signer,
        "salt": secrets.token_hex(16),
    })  # fmt: skip
    note = MarginalNote(
        position=position, record_id=act.record_id, act_id=act.id, kind=act.kind.value, noted_on=day_of(now), content=content,
        previous_hash=previous, hash=hash_of(previous, position, content),
    )  # fmt: skip
    session.add(note)
    return note


def notes_of(session: Session, record: BirthRecord, up_to: int | None = None) -> list[MarginalNote]:
    """The notes in the margin of an entry, in order; only those up to a position."""
    query = sa.select(MarginalNote).where(MarginalNote.record_id == record.id).order_by(MarginalNote.position)
    return list(session.scalars(query if up_to is None else query.where(MarginalNote.position <= up_to)))


def read_with(record: BirthRecord, notes: list[MarginalNote]) -> dict[str, Any]:
    """What the entry says when it is read with these notes."""
    return corrected(record.says, [note.says["changes"] for note in notes if note.kind == ActKind.CORRECTION])


def shown(note: MarginalNote) -> dict[str, Any]:
    """A note as it is read, without who stands behind it."""
    return {name: value for name, value in note.says.items() if name not in HIDDEN}
