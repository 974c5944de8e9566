"""The register of births: an entry is added, chained to the one before, and numbered without a gap."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.rules.certificate_number import CertificateNumber, day_text
from civil_registry.rules.register_chain import canonical, hash_of
from civil_registry.use_cases import awaited_niks
from civil_registry.use_cases.birth_particulars import details_of, nik_index
from civil_registry.use_cases.birth_registrations import path_of
from civil_registry.use_cases.chains import BIRTHS, next_place
from civil_registry.use_cases.newborns import newborn
from civil_registry.use_cases.nik_authority import authority
from civil_registry.use_cases.registry_data import OFFICE, registry
from smartcity.calendar import day_of
from smartcity.storage import next_number, uuid7


def add_entry(session: Session, registration: BirthRegistration, registrar: str, now: datetime) -> BirthRecord:
    """The register entry of a verified registration, with the child's new NIK (UU 23/2006 Pasal 67(4)), or queued for it.

    Two at once wait for each other: the chain's counter is locked until the commit, and the serial is taken after it.
    """
    nik = authority().assign(session, newborn(registration))
    position, previous = next_place(session, BIRTHS)
    number = _next_number(session, registration, now)
    content = canonical(_content(registration, nik, {"number": number, "registrar_sub": registrar, "registered_at": now.isoformat()}))
    record = BirthRecord(
        id=uuid7(),
        position=position,
        number=number,
        registration_id=registration.id,
        office=registration.office,
        first_owner_sub=registration.owner_sub,
        kind=registration.kind,
        kelurahan_code=registration.kelurahan_code,
        registered_on=day_of(now),
        registered_at=now,
        registrar_sub=registrar,
        child_nik_index=nik_index(nik) if nik else None,
        content=content,
        previous_hash=previous,
        hash=hash_of(previous, position, content),
    )
    session.add(record)
    if nik is None:
        awaited_niks.queue(session, record, now)
    return record


def _next_number(session: Session, registration: BirthRegistration, now: datetime) -> str:
    terms, day = registry()["numbers"], day_of(now)
    mark = terms["marks"][registration.kind]
    return CertificateNumber(terms["region"], mark, day, next_number(session, mark, OFFICE, day_text(day))).text


def _content(registration: BirthRegistration, nik: str | None, entry: dict[str, str]) -> dict[str, Any]:
    details, path = details_of(registration), path_of(registration)
    child = {**details["child"], "nik": nik, "citizenship": path.citizenship, "born_on": registration.born_on.isoformat()}
    people = {name: _dated(details[name]) for name in ("mother", "father", "reporter")}
    return {
        **entry,
        "event": "birth",
        "kind": registration.kind,
        "registration_id": str(registration.id),
        "registration_no": registration.number,
        "path": path.code,
        "circumstances": list(registration.circumstances),
        "wording": path.wording,
        "kelurahan_code": registration.kelurahan_code,
        "place_of_issue": registry()["place_of_issue"],
        "days_after_birth": registration.days_after_birth,
        "verifier_sub": registration.verifier_sub,
        "head_sub": registration.head_sub,
        "family_card_no": registration.family_card_no,
        "child": child,
        **people,
        "witnesses": details["witnesses"],
        "salt": secrets.token_hex(16),
    }


def _dated(said: dict[str, Any] | None) -> dict[str, Any] | None:
    born_on = said and said.get("born_on")
    return {**said, "born_on": born_on.isoformat()} if said and born_on else said
