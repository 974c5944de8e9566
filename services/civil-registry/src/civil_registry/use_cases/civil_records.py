"""The register looked up: an entry by its number, by the registration it comes from."""

from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.death_record import DeathRecord
from civil_registry.model.marginal_note import MarginalNote
from civil_registry.model.register_entry import RegisterEntry
from civil_registry.rules.certificate_number import parse_certificate_number
from civil_registry.rules.sight import Sight
from civil_registry.use_cases.disclosure import disclosed, look
from civil_registry.use_cases.marginal_notes import notes_of, shown
from civil_registry.use_cases.registry_data import registry
from smartcity.errors import NotFound
from smartcity.http import Actor

Kind = TypeVar("Kind", bound=RegisterEntry)
HIDDEN = ("salt", "registrar_sub", "verifier_sub", "head_sub")


def must_be_number(text: str) -> str:
    """The text, where it can be the number of an entry or certificate; raises `NotFound` for what never was one."""
    try:
        return parse_certificate_number(text).text
    except ValueError:
        raise NotFound() from None


def record_by_number(session: Session, number: str) -> BirthRecord | DeathRecord:
    """The entry with this number, of the register its mark names; raises `NotFound`."""
    of_death = f"-{registry()['numbers']['marks']['death']}-" in number
    return _found(session, DeathRecord, number) if of_death else _found(session, BirthRecord, number)


def _found(session: Session, kind: type[Kind], number: str) -> Kind:
    found = session.scalars(sa.select(kind).where(kind.number == must_be_number(number))).one_or_none()
    if found is None:
        raise NotFound()
    return found


def record_of(session: Session, registration: BirthRegistration) -> BirthRecord:
    """The entry of a registration that was registered."""
    return session.scalars(sa.select(BirthRecord).where(BirthRecord.registration_id == registration.id)).one()


def show(session: Session, actor: Actor, record: BirthRecord | DeathRecord, purpose: str | None) -> dict[str, Any]:
    """The entry as far as the actor needs to see it, and whether its hash still fits it."""
    sight = look(session, actor, record, purpose)
    notes = notes_of(session, record)
    content = {name: value for name, value in record.says.items() if name not in HIDDEN}
    return {
        "record": record,
        "event": record.says["event"],
        "hash": record.hash.hex(),
        "previous_hash": record.previous_hash.hex(),
        "unchanged": record.unchanged,
        "marginal_notes": [_note(note, sight) for note in notes],
        "content": None if sight is Sight.NONE else disclosed(content, sight),
    }


def _note(note: MarginalNote, sight: Sight) -> dict[str, Any]:
    content = None if sight is Sight.NONE else disclosed(shown(note), sight)
    return {"position": note.position, "kind": note.kind, "noted_on": note.noted_on, "content": content}
