"""A registration that somebody else filed becomes its reporter's own: by the code on their slip and the NIK of one named in it."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.certificate import Certificate
from civil_registry.model.death_registration import DeathRegistration
from civil_registry.model.registration_person import Part
from civil_registry.use_cases.birth_particulars import nik_index
from civil_registry.use_cases.earlier_looks import hand_over
from civil_registry.use_cases.hands import filed
from civil_registry.use_cases.siblings import siblings_of
from smartcity.errors import NotFound
from smartcity.http import Actor
from smartcity.storage import blind_index, get

NOBODY = ""
"""The `owner_sub` of what no parent has claimed yet."""
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 12
CLAIMING = (Part.MOTHER, Part.FATHER, Part.REPORTER)


def code_of(registration_id: UUID) -> str:
    """The code printed for the parent: always the same for one registration, and nobody's guess (twelve signs of thirty-one)."""
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in blind_index(str(registration_id), "claim")[:LENGTH])


def claim_index(registration_id: UUID) -> bytes:
    """By which the code is found again."""
    return blind_index(code_of(registration_id), "claim-code")


def claim(session: Session, actor: Actor, now: datetime, code: str, nik: str) -> BirthRegistration:
    """Make it, and the siblings reported along, the actor's own, with every look at them until now. Twice is once.

    Raises `NotFound` where the code is none, the NIK is not that of a parent or reporter in it, or it is somebody else's already.
    """
    found = sa.select(BirthRegistration).where(BirthRegistration.claim_index == blind_index(code, "claim-code"))
    registration = session.scalars(found.with_for_update()).one_or_none()
    if registration is None or registration.owner_sub not in (NOBODY, actor.sub):
        raise NotFound()
    if nik_index(nik) not in {person.nik_index for person in registration.people if person.part in CLAIMING}:
        raise NotFound()
    for ident in sorted((registration.id, *siblings_of(session, registration))):
        claimed = get(session, BirthRegistration, ident, lock=True)
        hand_over(session, claimed, actor.sub)
        claimed.owner_sub = actor.sub
        filed(session, actor, claimed, now)
        for certificate in session.scalars(sa.select(Certificate).where(Certificate.registration_id == ident).with_for_update()):
            certificate.owner_sub = actor.sub
    return registration


def claim_death(session: Session, actor: Actor, now: datetime, code: str, nik: str) -> DeathRegistration:
    """Make the report of a death the actor's own. Twice is once.

    Raises `NotFound` where the code is none, the NIK is not that of its reporter, or it is somebody else's already.
    """
    found = sa.select(DeathRegistration).where(DeathRegistration.claim_index == blind_index(code, "claim-code"))
    registration = session.scalars(found.with_for_update()).one_or_none()
    if registration is None or registration.owner_sub not in (NOBODY, actor.sub) or registration.details["reporter"]["nik"] != nik:
        raise NotFound()
    hand_over(session, registration, actor.sub)
    registration.owner_sub = actor.sub
    filed(session, actor, registration, now)
    for certificate in session.scalars(
        sa.select(Certificate).where(Certificate.death_registration_id == registration.id).with_for_update()
    ):
        certificate.owner_sub = actor.sub
    return registration
