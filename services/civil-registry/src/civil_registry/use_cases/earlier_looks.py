"""Who looked at a registration while it was nobody's own yet: the parent who claims it sees that too (UU 27/2022 Pasal 32)."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.certificate import Certificate
from civil_registry.model.death_record import DeathRecord
from civil_registry.model.death_registration import DeathRegistration
from civil_registry.model.record_act import RecordAct
from smartcity.access_log import AccessRow


def hand_over(session: Session, registration: BirthRegistration | DeathRegistration, owner_sub: str) -> None:
    """Looks at the registration, its entry, certificates and acts, until now of its former owner, are from now on of `owner_sub`."""
    parts = _of_birth(registration) if isinstance(registration, BirthRegistration) else _of_death(registration)
    shown = [str(ident) for ident in (registration.id, *session.scalars(sa.union_all(*parts)))]
    until_now = (AccessRow.person == registration.owner_sub, AccessRow.at >= registration.created_at, AccessRow.record_id.in_(shown))
    session.execute(sa.update(AccessRow).where(*until_now).values(person=owner_sub).execution_options(synchronize_session=False))


def _of_birth(registration: BirthRegistration) -> tuple[sa.Select[UUID], ...]:
    entries = sa.select(BirthRecord.id).where(BirthRecord.registration_id == registration.id)
    certificates = sa.select(Certificate.id).where(Certificate.registration_id == registration.id)
    return entries, certificates, sa.select(RecordAct.id).where(RecordAct.record_id.in_(entries))


def _of_death(registration: DeathRegistration) -> tuple[sa.Select[UUID], ...]:
    entries = sa.select(DeathRecord.id).where(DeathRecord.registration_id == registration.id)
    certificates = sa.select(Certificate.id).where(Certificate.death_registration_id == registration.id)
    return entries, certificates, sa.select(RecordAct.id).where(RecordAct.death_record_id.in_(entries))
