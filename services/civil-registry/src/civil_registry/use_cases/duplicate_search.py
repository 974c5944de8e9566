"""Who may be the same child: proposed by keyed hashes of sounds within days and by the mother, then at most some hundred decrypted and scored."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_registration import FILED, BirthRegistration
from civil_registry.model.name_sound import NameSound
from civil_registry.model.registration_person import Part, RegistrationPerson
from civil_registry.rules.duplicates import Likely, Score, compared, exchanged
from civil_registry.use_cases.name_sounds import sounds_of
from civil_registry.use_cases.registry_data import duplicate_terms

COLUMNS = (
    BirthRegistration.id, BirthRegistration.owner_sub, BirthRegistration.number, BirthRegistration.record_no, BirthRegistration.status,
    BirthRegistration.child_name, BirthRegistration.child_sex, BirthRegistration.born_on, BirthRegistration.twin_order,
    BirthRegistration.mother_nik_index, BirthRegistration.filing_id,
)  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """Another report that may be of the same child, as a person needs to see it to decide."""

    registration_id: UUID
    owner_sub: str
    number: str
    record_no: str | None
    status: str
    child: Likely
    score: Score


def suspicious(session: Session, registration: BirthRegistration) -> list[Candidate]:
    """Reports that may be of this child, the likeliest first."""
    terms = duplicate_terms()
    ids = proposed(session, registration)
    known = _read(session, [registration.id, *ids])
    mine = known.pop(registration.id)[1]
    found = [_candidate(row, child, compared(mine, child, terms)) for row, child in known.values()]
    return sorted((one for one in found if one.score.points >= terms.suspicious), key=lambda one: (-one.score.points, one.registration_id))


def _candidate(row: Any, child: Likely, score: Score) -> Candidate:
    return Candidate(row.id, row.owner_sub, row.number, row.record_no, row.status, child, score)


def proposed(session: Session, registration: BirthRegistration) -> list[UUID]:
    """At most so many ids as the terms allow: children of the same mother first, then those whose names share most sounds."""
    most = duplicate_terms().most
    found = dict.fromkeys(session.scalars(of_the_mother(registration).limit(most)))
    found |= dict.fromkeys(session.scalars(sounding_alike(registration).limit(most)))
    return [ident for ident in found if ident != registration.id][:most]


def of_the_mother(registration: BirthRegistration) -> sa.Select[UUID]:
    """Other births of the same mother, so near that they cannot be two."""
    near = timedelta(days=duplicate_terms().mother_days)
    born = BirthRegistration.born_on.between(registration.born_on - near, registration.born_on + near)
    mother = BirthRegistration.mother_nik_index == registration.mother_nik_index
    return sa.select(BirthRegistration.id).where(sa.text(FILED), mother, born)


def sounding_alike(registration: BirthRegistration) -> sa.Select[UUID]:
    """Births of about the same day, or of the day with its month exchanged, by how many sounds their names share."""
    near = timedelta(days=duplicate_terms().window_days)
    heard = sa.select(NameSound.registration_id).where(NameSound.sound.in_(sounds_of(registration.child_name)))
    days: list[sa.ColumnElement[bool]] = [NameSound.born_on.between(registration.born_on - near, registration.born_on + near)]
    other = exchanged(registration.born_on)
    if other and abs(other - registration.born_on) > near:
        days.append(NameSound.born_on == other)
    shared = sa.union_all(*(heard.where(day) for day in days)).subquery()
    ident = shared.c.registration_id
    return sa.select(ident).group_by(ident).order_by(sa.func.count().desc(), ident)


def _read(session: Session, ids: Collection[UUID]) -> dict[UUID, tuple[Any, Likely]]:
    rows = session.execute(sa.select(*COLUMNS).where(BirthRegistration.id.in_(ids)))
    parents = _parents(session, ids)
    return {row.id: (row, _likely(row, parents.get(row.id, {}))) for row in rows}


def _parents(session: Session, ids: Iterable[UUID]) -> dict[UUID, dict[Part, str]]:
    found: dict[UUID, dict[Part, str]] = {}
    named = sa.select(RegistrationPerson.registration_id, RegistrationPerson.part, RegistrationPerson.name)
    for ident, part, name in session.execute(
        named.where(RegistrationPerson.registration_id.in_(ids), RegistrationPerson.part.in_((Part.MOTHER, Part.FATHER)))
    ):
        found.setdefault(ident, {})[part] = name
    return found


def _likely(row: Any, parents: dict[Part, str]) -> Likely:
    return Likely(
        name=row.child_name, sex=row.child_sex, born_on=row.born_on, twin_order=row.twin_order, mother=row.mother_nik_index,
        mother_name=parents.get(Part.MOTHER), father_name=parents.get(Part.FATHER), filing=row.filing_id,
    )  # fmt: skip
