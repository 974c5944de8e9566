"""The certificate on paper: what is printed, what its QR code says, how it stands."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.certificate import Certificate, CertificateStatus
from civil_registry.rules.sight import Sight
from civil_registry.use_cases.civil_records import must_be_number
from civil_registry.use_cases.disclosure import look
from civil_registry.use_cases.issuing import CERTIFICATE
from civil_registry.use_cases.marginal_notes import notes_of, read_with
from civil_registry.use_cases.registry_data import officials, path_under, wordings
from smartcity import documents
from smartcity.calendar import day_of
from smartcity.documents import Document, StoredDocument
from smartcity.errors import Forbidden, NotFound, RuleBroken
from smartcity.http import Actor
from smartcity.money import terbilang
from smartcity.offices import office_name
from smartcity.storage import get

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
SEXES = {"male": "laki-laki", "female": "perempuan"}
CITIZENSHIPS = {"WNI": "Warga Negara Indonesia"}


def by_number(session: Session, number: str) -> Certificate:
    """The newest certificate with this number; raises `NotFound`."""
    query = sa.select(Certificate).where(Certificate.number == must_be_number(number)).order_by(Certificate.edition.desc()).limit(1)
    found = session.scalars(query).one_or_none()
    if found is None:
        raise NotFound()
    return found


def deliver(session: Session, actor: Actor, certificate: Certificate, purpose: str | None) -> StoredDocument:
    """The PDF, rendered at the first request and the same bytes ever after; an official's look is recorded. Raises `RuleBroken` for a cancelled one."""
    if look(session, actor, certificate, purpose) is Sight.NONE:
        raise Forbidden()
    if certificate.status is CertificateStatus.CANCELLED:
        raise RuleBroken("certificate-cancelled")
    return documents.deliver(session, CERTIFICATE, certificate.id)


def content(session: Session, certificate_id: UUID) -> Mapping[str, Any]:
    """What the template prints, all of it from the register entry (UU 23/2006 Pasal 68(2))."""
    certificate = get(session, Certificate, certificate_id)
    record = get(session, BirthRecord, certificate.record_id)
    notes = notes_of(session, record, certificate.noted)
    entry = read_with(record, notes)
    child, born = entry["child"], date.fromisoformat(entry["child"]["born_on"])
    wording = wordings()[entry.get("wording") or path_under(entry["path"], ()).wording]
    capacity, name = _official(certificate.signer_sub, day_of(certificate.issued_at))
    return {
        "office": office_name(certificate.office),
        "number": certificate.number,
        "nik": child["nik"],
        "citizenship": CITIZENSHIPS.get(child["citizenship"], child["citizenship"]),
        "birth_city": ", ".join(filter(None, (child["birth_city"], child.get("birth_country")))),
        "born_on": _day(born),
        "born_on_words": f"{terbilang(born.day)} {MONTHS[born.month - 1]} {terbilang(born.year)}",
        "child": child["name"],
        "order": f"ke-{child['order']} ({terbilang(child['order'])})" if child["order"] else None,
        "sex": SEXES[child["sex"]],
        "mother": entry["mother"]["name"] if entry["mother"] else None,
        "father": entry["father"]["name"] if entry["father"] else None,
        "line": wording.line,
        "note": wording.note,
        "margin": [text for note in notes if (text := note.says.get("note"))],
        "edition": f"Kutipan ke{terbilang(certificate.edition)}" if certificate.edition > 1 else None,
        "place_of_issue": entry["place_of_issue"],
        "registered_on": _day(record.registered_on),
        "issued_on": _day(day_of(certificate.issued_at)),
        "capacity": capacity,
        "official": name,
    }


def _official(sub: str, day: date) -> tuple[str, str]:
    """Capacity and name of who signed; the capacity alone where the table does not know them."""
    known = officials()
    names = [row["name"] for row in known["officials"] if row["sub"] == sub and row["valid_from"] <= day <= (row["valid_to"] or date.max)]
    return known["capacity"], names[0] if names else known["capacity"]


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def statement(session: Session, certificate_id: UUID) -> Mapping[str, Any]:
    """What the signed QR code says: nothing that names the child, since anyone who asks by the code reads it."""
    certificate = get(session, Certificate, certificate_id)
    return {"number": certificate.number, "date": day_of(certificate.issued_at).isoformat(), "certifies": "birth"}


def standing(session: Session, certificate_id: UUID) -> str:
    """How it stands today."""
    return get(session, Certificate, certificate_id).status.value


BIRTH_CERTIFICATE = Document(
    kind=CERTIFICATE, template="birth_certificate.typ", content=content, statement=statement, standing=standing
)  # fmt: skip
