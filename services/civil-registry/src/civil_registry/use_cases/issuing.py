"""A certificate is issued: the first of an entry, or one in the place of an earlier."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.certificate import Certificate, CertificateStatus
from civil_registry.model.death_record import DeathRecord
from smartcity import documents
from smartcity.http import Actor
from smartcity.storage import uuid7

CERTIFICATE = "birth_certificate"
DEATH_CERTIFICATE = "death_certificate"


def issue(session: Session, record: BirthRecord | DeathRecord, actor: Actor, now: datetime, noted: int = 0) -> Certificate:
    """The next certificate of an entry, as it reads with the marginal notes up to position `noted`."""
    birth = isinstance(record, BirthRecord)
    latest = sa.select(sa.func.coalesce(sa.func.max(Certificate.edition), 0)).where(Certificate.number == record.number)
    certificate_id = uuid7()
    certificate = Certificate(
        id=certificate_id,
        number=record.number,
        edition=session.execute(latest).scalar_one() + 1,
        noted=noted,
        office=record.office,
        owner_sub=record.owner_sub,
        signer_sub=actor.sub,
        issued_at=now,
        verify_code=documents.promise(session, CERTIFICATE if birth else DEATH_CERTIFICATE, certificate_id),
    )
    if birth:
        certificate.registration_id, certificate.record_id = record.registration_id, record.id
    else:
        certificate.death_registration_id, certificate.death_record_id = record.registration_id, record.id
    certificate.tell_issue()
    session.add(certificate)
    return certificate


def end(session: Session, record: BirthRecord, status: CertificateStatus) -> None:
    """What was issued of an entry until now holds no longer, and its verify page says so."""
    query = sa.select(Certificate).where(Certificate.record_id == record.id, Certificate.status == CertificateStatus.VALID)
    for certificate in session.scalars(query.with_for_update()):
        certificate.status = status
    session.flush()
