"""The register of deaths: an entry is added, chained, numbered; its certificate is signed and printed."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_status import Step
from civil_registry.model.certificate import Certificate
from civil_registry.model.death_record import DeathRecord
from civil_registry.model.death_registration import DeathRegistration
from civil_registry.rules.certificate_number import CertificateNumber, day_text
from civil_registry.rules.register_chain import canonical, hash_of
from civil_registry.use_cases.birth_certificate import CITIZENSHIPS, SEXES
from civil_registry.use_cases.certificates import official, spoken, standing, statement
from civil_registry.use_cases.chains import DEATHS, next_place
from civil_registry.use_cases.death_registrations import path_of
from civil_registry.use_cases.electronic_signatures import SIGNING
from civil_registry.use_cases.hands import taken
from civil_registry.use_cases.issuing import DEATH_CERTIFICATE as KIND
from civil_registry.use_cases.issuing import issue
from civil_registry.use_cases.marginal_notes import in_margin, notes_of, read_with
from civil_registry.use_cases.registry_data import OFFICE, death_wordings, registry
from smartcity.calendar import day_of, long_day
from smartcity.documents import Document
from smartcity.http import Actor
from smartcity.offices import office_name
from smartcity.storage import get, next_number, uuid7


def register(session: Session, registration: DeathRegistration, actor: Actor, now: datetime) -> DeathRegistration:
    """Into the register: entry and number, in one commit with the fact."""
    registration.must_be_registrable(actor.sub)
    taken(session, actor, registration, Step.REGISTRATION, now)
    record = _add_entry(session, registration, actor.sub, now)
    registration.register(record.number, actor.sub, day_of(now), now)
    return registration


def sign(session: Session, registration: DeathRegistration, actor: Actor, now: datetime) -> DeathRegistration:
    """The signer's act; the certificate is issued as that of a birth."""
    registration.must_be_signable(actor.sub)
    taken(session, actor, registration, Step.SIGNATURE, now)
    record = session.scalars(sa.select(DeathRecord).where(DeathRecord.registration_id == registration.id)).one()
    registration.sign(actor.sub, now)
    issue(session, record, actor, now)
    return registration


def _add_entry(session: Session, registration: DeathRegistration, registrar: str, now: datetime) -> DeathRecord:
    position, previous = next_place(session, DEATHS)
    terms, day = registry()["numbers"], day_of(now)
    mark = terms["marks"]["death"]
    number = CertificateNumber(terms["region"], mark, day, next_number(session, mark, OFFICE, day_text(day))).text
    content = canonical({
        **_content(registration),
        "number": number,
        "registrar_sub": registrar,
        "registered_at": now.isoformat(),
        "salt": secrets.token_hex(16),
    })  # fmt: skip
    record = DeathRecord(
        id=uuid7(), position=position, number=number, registration_id=registration.id, office=registration.office, kind=registration.kind,
        kelurahan_code=registration.kelurahan_code, registered_on=day, registered_at=now, registrar_sub=registrar, content=content,
        previous_hash=previous, hash=hash_of(previous, position, content),
    )  # fmt: skip
    session.add(record)
    return record


def _content(registration: DeathRegistration) -> dict[str, Any]:
    path = path_of(registration)
    return {
        **registration.details,
        "event": "death",
        "kind": registration.kind,
        "registration_id": str(registration.id),
        "registration_no": registration.number,
        "wording": path.wording,
        "citizenship": path.citizenship,
        "place_of_issue": registry()["place_of_issue"],
        "days_after_death": registration.days_after_death,
        "verifier_sub": registration.verifier_sub,
    }


def content(session: Session, certificate_id: UUID) -> Mapping[str, Any]:
    """What the template prints, all of it from the register entry (UU 23/2006 Pasal 68(2))."""
    certificate = get(session, Certificate, certificate_id)
    record = get(session, DeathRecord, certificate.death_record_id)
    notes = notes_of(session, record, certificate.noted)
    entry = read_with(record, notes)
    deceased, died = entry["deceased"], date.fromisoformat(entry["deceased"]["died_on"])
    wording = death_wordings()[entry["wording"]]
    capacity, name = official(certificate.signer_sub, day_of(certificate.issued_at))
    return {
        "office": office_name(certificate.office),
        "number": certificate.number,
        "name": deceased.get("name") or wording.line,
        "nik": deceased.get("nik"),
        "born_on": long_day(date.fromisoformat(deceased["born_on"])) if deceased.get("born_on") else None,
        "sex": SEXES[deceased["sex"]],
        "citizenship": CITIZENSHIPS[entry["citizenship"]] if deceased.get("nik") else None,
        "death_city": deceased["death_city"],
        "died_on": long_day(died),
        "died_on_words": spoken(died),
        "note": wording.note,
        **in_margin(certificate, notes),
        "registered_on": long_day(record.registered_on),
        "issued_on": long_day(day_of(certificate.issued_at)),
        "capacity": capacity,
        "official": name,
    }


DEATH_CERTIFICATE = Document(
    kind=KIND, template="death_certificate.typ", content=content, statement=statement, standing=standing, signing=SIGNING
)
