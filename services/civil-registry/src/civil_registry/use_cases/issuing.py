"""A certificate is issued: the first of an entry, or one in the place of an earlier."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.model.certificate import Certificate, CertificateStatus
from civil_registry.model.death_record import DeathRecord
from civil_registry.model.death_registration import DeathRegistration
from smartcity import documents, due
from smartcity.documents.electronic import signer
from smartcity.http import Actor
from smartcity.storage import get, uuid7

CERTIFICATE = "birth_certificate"
DEATH_CERTIFICATE = "death_certificate"
SIGN = "sign_certificate"


def issue(session: Session, record: BirthRecord | DeathRecord, actor: Actor, now: datetime, noted: int = 0) -> Certificate:
    """The next certificate of an entry, as it reads with the marginal notes up to position `noted`.

    Where the electronic signature is made here it is issued in this commit; else it follows as due work, for as long as the signer outside is away.
    """
    certificate = _next(session, record, actor, now, noted)
    session.flush()
    if signer().at_once:
        sign_and_issue(session, certificate, now)
    else:
        due.schedule(session, SIGN, str(certificate.id), now)
    return certificate


def sign_and_issue(session: Session, certificate: Certificate, now: datetime) -> None:
    """Print the paper, have it signed, and give it out: all of it or nothing. Raises `SignerAway`, `SignerRefused`."""
    documents.deliver(session, f"{certificate.certifies}_certificate", certificate.id)
    registration_of(session, certificate).issue(certificate.id, certificate.signer_sub, now)
    certificate.tell_issue()


def registration_of(session: Session, of: Certificate | BirthRecord | DeathRecord) -> BirthRegistration | DeathRegistration:
    """The registration that a certificate or an entry comes from, locked."""
    if isinstance(of, DeathRecord) or (isinstance(of, Certificate) and of.certifies == "death"):
        return get(session, DeathRegistration, of.registration_id if isinstance(of, DeathRecord) else of.death_registration_id, lock=True)
    return get(session, BirthRegistration, of.registration_id, lock=True)


def _next(session: Session, record: BirthRecord | DeathRecord, actor: Actor, now: datetime, noted: int) -> Certificate:
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
    session.add(certificate)
    return certificate


def end(session: Session, record: BirthRecord | DeathRecord, status: CertificateStatus) -> None:
    """What was issued of an entry until now holds no longer, and its verify page says so."""
    query = sa.select(Certificate).where(Certificate.of(record), Certificate.status == CertificateStatus.VALID)
    for certificate in session.scalars(query.with_for_update()):
        certificate.status = status
    session.flush()
