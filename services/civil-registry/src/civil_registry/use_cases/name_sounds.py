"""The sounds of a filed child's name, by which it is found again."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_registration import FILED, BirthRegistration
from civil_registry.model.name_sound import NameSound
from civil_registry.rules.spelling import sound_keys
from civil_registry.use_cases.registry_data import duplicate_terms
from smartcity import due
from smartcity.storage import blind_index

WRITE = "write_name_sounds"
AT_ONCE = 500
KEPT_BYTES = 16


def sounds_of(name: str) -> list[bytes]:
    """The keyed hashes of what sounds in a name."""
    return _keyed(sound_keys(name, duplicate_terms().spelling))


def sounds_of_words(name: str) -> list[bytes]:
    """Those of its words alone, which a longer name has too; of a name without a word of two sounds, that of the whole."""
    keys = sound_keys(name, duplicate_terms().spelling)
    return _keyed({key for key in keys if not key.startswith("=")} or keys)


def _keyed(keys: Iterable[str]) -> list[bytes]:
    return sorted(blind_index(key, "name-sound")[:KEPT_BYTES] for key in keys)


def write(session: Session, registration: BirthRegistration) -> None:
    """Let it be found by its child's name, as it is said now."""
    forget(session, registration)
    session.flush()
    rows = [
        NameSound(registration_id=registration.id, sound=sound, born_on=registration.born_on)
        for sound in sounds_of(registration.child_name)
    ]
    session.add_all(rows)


def forget(session: Session, registration: BirthRegistration) -> None:
    """Let it no longer be found: it is no report any more."""
    session.execute(sa.delete(NameSound).where(NameSound.registration_id == registration.id))


def write_missing(session: Session, subject: str, now: datetime) -> None:
    """Due work: those filed before there were sounds, some at a time until all have theirs."""
    has = sa.select(1).where(NameSound.registration_id == BirthRegistration.id).exists()
    query = sa.select(BirthRegistration).where(sa.text(FILED), ~has).order_by(BirthRegistration.id).limit(AT_ONCE)
    found = list(session.scalars(query))
    for registration in found:
        write(session, registration)
    if len(found) == AT_ONCE:
        due.schedule(session, WRITE, subject, now)
