"""The certificate on paper: what is printed, what its QR code says, how it stands."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.certificate import Certificate
from civil_registry.use_cases.certificates import official, spoken, standing, statement
from civil_registry.use_cases.electronic_signatures import SIGNING
from civil_registry.use_cases.issuing import CERTIFICATE
from civil_registry.use_cases.marginal_notes import in_margin, notes_of, read_with
from civil_registry.use_cases.registry_data import path_under, wordings
from smartcity.calendar import day_of, long_day
from smartcity.documents import Document
from smartcity.money import terbilang
from smartcity.offices import office_name
from smartcity.storage import get

SEXES = {"male": "laki-laki", "female": "perempuan"}
CITIZENSHIPS = {"WNI": "Warga Negara Indonesia"}


def content(session: Session, certificate_id: UUID) -> Mapping[str, Any]:
    """What the template prints, all of it from the register entry (UU 23/2006 Pasal 68(2))."""
    certificate = get(session, Certificate, certificate_id)
    record = get(session, BirthRecord, certificate.record_id)
    notes = notes_of(session, record, certificate.noted)
    entry = read_with(record, notes)
    child, born = entry["child"], date.fromisoformat(entry["child"]["born_on"])
    wording = wordings()[entry.get("wording") or path_under(entry["path"], ()).wording]
    capacity, name = official(certificate.signer_sub, day_of(certificate.issued_at))
    return {
        "office": office_name(certificate.office),
        "number": certificate.number,
        "nik": child["nik"],
        "citizenship": CITIZENSHIPS.get(child["citizenship"], child["citizenship"]),
        "birth_city": ", ".join(filter(None, (child["birth_city"], child.get("birth_country")))),
        "born_on": long_day(born),
        "born_on_words": spoken(born),
        "child": child["name"],
        "order": f"ke-{child['order']} ({terbilang(child['order'])})" if child["order"] else None,
        "sex": SEXES[child["sex"]],
        "mother": entry["mother"]["name"] if entry["mother"] else None,
        "father": entry["father"]["name"] if entry["father"] else None,
        "line": wording.line,
        "note": wording.note,
        **in_margin(certificate, notes),
        "place_of_issue": entry["place_of_issue"],
        "registered_on": long_day(record.registered_on),
        "issued_on": long_day(day_of(certificate.issued_at)),
        "capacity": capacity,
        "official": name,
    }


BIRTH_CERTIFICATE = Document(
    kind=CERTIFICATE, template="birth_certificate.typ", content=content, statement=statement, standing=standing, signing=SIGNING
)  # fmt: skip
