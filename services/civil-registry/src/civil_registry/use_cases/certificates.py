"""Certificates of every event: found, handed out, and what their verify pages say."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.certificate import Certificate, CertificateStatus
from civil_registry.rules.sight import Sight
from civil_registry.use_cases.civil_records import must_be_number
from civil_registry.use_cases.disclosure import look
from civil_registry.use_cases.registry_data import officials
from smartcity import documents
from smartcity.calendar import MONTHS, day_of
from smartcity.documents import StoredDocument
from smartcity.errors import Forbidden, NotFound, RuleBroken
from smartcity.http import Actor
from smartcity.money import terbilang
from smartcity.storage import get


def by_number(session: Session, number: str) -> Certificate:
    """The newest certificate with this number; raises `NotFound`."""
    query = sa.select(Certificate).where(Certificate.number == must_be_number(number)).order_by(Certificate.edition.desc()).limit(1)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound()
    return found


def deliver(session: Session, actor: Actor, certificate: Certificate, purpose: str | None) -> StoredDocument:
    """The PDF, rendered at the first request and the same bytes ever after; an official's look is recorded. Raises `RuleBroken` for a cancelled one, and while the signature is awaited."""
    if look(session, actor, certificate, purpose) is Sight.NONE:
        raise Forbidden()
    if certificate.status is CertificateStatus.CANCELLED:
        raise RuleBroken("certificate-cancelled")
    if certificate.status is CertificateStatus.AWAITING_SIGNATURE:
        raise RuleBroken("certificate-awaits-signature")
    return documents.deliver(session, f"{certificate.certifies}_certificate", certificate.id)


def official(sub: str, day: date) -> tuple[str, str]:
    """Capacity and name of who signed; the capacity alone where the table does not know them."""
    known = officials()
    names = [row["name"] for row in known["officials"] if row["sub"] == sub and row["valid_from"] <= day <= (row["valid_to"] or date.max)]
    return known["capacity"], names[0] if names else known["capacity"]


def statement(session: Session, certificate_id: UUID) -> Mapping[str, Any]:
    """What the signed QR code says: nothing that names anybody, since anyone who asks by the code reads it."""
    certificate = get(session, Certificate, certificate_id)
    return {"number": certificate.number, "date": day_of(certificate.issued_at).isoformat(), "certifies": certificate.certifies}


def standing(session: Session, certificate_id: UUID) -> str:
    """How it stands today."""
    return get(session, Certificate, certificate_id).status.value


def spoken(day: date) -> str:
    """A day in words: lima Februari dua ribu dua puluh enam."""
    return f"{terbilang(day.day)} {MONTHS['id'][day.month - 1]} {terbilang(day.year)}"
