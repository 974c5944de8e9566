"""The register searched by what somebody at the counter can say: a NIK, or a child's name and day of birth. Exact, by keyed hashes; nothing is decrypted to find it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from civil_registry.model.awaited_nik import AwaitedNik
from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.death_record import DeathRecord
from civil_registry.model.death_registration import FILED, DeathRegistration
from civil_registry.model.name_sound import NameSound
from civil_registry.model.registration_person import Part, RegistrationPerson
from civil_registry.use_cases.birth_particulars import nik_index
from civil_registry.use_cases.disclosure import look
from civil_registry.use_cases.name_sounds import sounds_of_words
from civil_registry.use_cases.registry_data import purposes
from smartcity.errors import InputWrong
from smartcity.http import Actor

MOST = 20


@dataclass(frozen=True)
class Asked:
    """Either a NIK (of the child, a parent, or who died), or name and day of birth of the child; and why."""

    nik: str | None
    name: str | None
    born_on: date | None
    purpose: str | None

    def must_be_one(self) -> None:
        """Raises `InputWrong` where it is neither or both, or where no purpose is known."""
        by_name = self.name is not None and self.born_on is not None
        if (self.nik is None) is not by_name or (self.nik and (self.name or self.born_on)):
            raise InputWrong({"nik": ["search-by-nik-or-name-and-day"]})
        if self.purpose not in purposes():
            raise InputWrong({"purpose": ["purpose-unknown" if self.purpose else "purpose-required"]})


def search(session: Session, actor: Actor, asked: Asked) -> list[dict[str, Any]]:
    """At most so many entries, the newest first; each shown is a look at its person's data, and recorded as one."""
    asked.must_be_one()
    found = sorted(_found(session, asked), key=lambda record: (record.registered_at, record.id), reverse=True)[:MOST]
    for record in found:
        look(session, actor, record, asked.purpose)
    return [_line(record) for record in found]


def _found(session: Session, asked: Asked) -> Iterator[BirthRecord | DeathRecord]:
    births = by_name(asked.name, asked.born_on) if asked.name and asked.born_on else by_nik(asked.nik or "")
    newest = sa.select(BirthRecord).where(BirthRecord.id.in_(births)).order_by(BirthRecord.registered_at.desc(), BirthRecord.id.desc())
    yield from session.scalars(newest.limit(MOST).options(joinedload(BirthRecord.registration)))
    if asked.nik:
        yield from session.scalars(of_the_dead(asked.nik).options(joinedload(DeathRecord.registration)))


def by_nik(nik: str) -> sa.CompoundSelect[Any]:
    """Ids of births whose child (given at once, or later), mother or father has this NIK."""
    index = nik_index(nik)
    parent = sa.select(RegistrationPerson.registration_id).where(
        RegistrationPerson.nik_index == index, RegistrationPerson.part.in_((Part.MOTHER, Part.FATHER))
    )
    return sa.union(
        sa.select(BirthRecord.id).where(BirthRecord.child_nik_index == index),
        sa.select(AwaitedNik.record_id).where(AwaitedNik.nik_index == index),
        sa.select(BirthRecord.id).where(BirthRecord.registration_id.in_(parent)),
    )


def by_name(name: str, born_on: date) -> sa.Select[UUID]:
    """Ids of births of that day whose child's name has the sound of every word of this one, in any order and spelling."""
    sounds = sounds_of_words(name)
    heard = (
        sa.select(NameSound.registration_id)
        .where(NameSound.sound.in_(sounds), NameSound.born_on == born_on)
        .group_by(NameSound.registration_id)
        .having(sa.func.count() == len(sounds))
        .order_by(NameSound.registration_id.desc())
        .limit(MOST)
    )
    return sa.select(BirthRecord.id).where(BirthRecord.registration_id.in_(heard))


def of_the_dead(nik: str) -> sa.Select[DeathRecord]:
    """The death of whom this NIK was."""
    reported = sa.select(DeathRegistration.id).where(DeathRegistration.deceased_nik_index == nik_index(nik), sa.text(FILED))
    return sa.select(DeathRecord).where(DeathRecord.registration_id.in_(reported))


def _line(record: BirthRecord | DeathRecord) -> dict[str, Any]:
    says = record.says
    of_birth = isinstance(record, BirthRecord)
    person, day = (says["child"], "born_on") if of_birth else (says["deceased"], "died_on")
    return {"record": record, "event": says["event"], "name": person["name"], "day": date.fromisoformat(person[day])}
