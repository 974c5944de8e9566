"""What no code path may write, the database refuses; and what it holds of people cannot be read in it."""

import json
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civil_registry.model.registration_person import RegistrationPerson
from civil_registry.use_cases.birth_particulars import nik_index

TABLES = ("birth_registration", "registration_person", "registration_history", "registration_document", "birth_record", "certificate")
SECRET = ("1271014502900001", "1271010503880002", "1271011203150007", "Aisyah", "Siti Lubis", "Tarigan", "Pirngadi", "Kartu Keluarga")


def refused(session: Session, change: str, ident: str, **more: Any) -> str:
    with pytest.raises(IntegrityError) as error:
        session.execute(sa.text(f"UPDATE birth_registration SET {change} WHERE id = :id"), {"id": UUID(ident), **more})
    session.rollback()
    return str(error.value.orig.diag.constraint_name)  # type: ignore[union-attr]


def test_nothing_is_registered_by_half(desk: Any, session: Session) -> None:
    ident = desk.brought_to("verification")
    assert refused(session, "status = 'registered'", ident) == "ck_birth_registration_registered_whole"
    late = desk.brought_to("verification", child={"name": "Anak Lain", "born_on": "2025-01-01"})
    alone = "status = 'registered', record_no = 'x', registrar_sub = 'togar'"
    assert refused(session, alone, late) == "ck_birth_registration_registered_whole"


def test_nothing_is_issued_without_a_signature(desk: Any, session: Session) -> None:
    assert refused(session, "status = 'issued'", desk.brought_to("registration")) == "ck_birth_registration_issued_whole"


@pytest.mark.parametrize(
    ("column", "other"), [("registrar_sub", "verifier_sub"), ("head_sub", "verifier_sub"), ("signer_sub", "registrar_sub")]
)
def test_one_person_in_two_parts_is_refused_by_the_database_too(desk: Any, session: Session, column: str, other: str) -> None:
    ident = desk.brought_to("signature")
    assert refused(session, f"{column} = {other}", ident) == "ck_birth_registration_different_people"


def test_nothing_in_the_office_s_hands_is_without_number(desk: Any, session: Session) -> None:
    assert refused(session, "status = 'submitted'", desk.open()) == "ck_birth_registration_numbered"
    assert refused(session, "status = 'lost', number = 'x'", desk.open()) == "ck_birth_registration_status"


def test_names_and_numbers_of_people_are_not_readable_in_any_table(desk: Any, session: Session) -> None:
    ident = desk.brought_to("submission")
    desk.step(ident, "returns")
    for step in ("submission", "verification", "registration", "signature"):
        desk.step(ident, step)
    for table in (*TABLES, "event_log", "access_log", "stored_file", "document", "due", "idempotency"):
        for row in session.scalars(sa.text(f"SELECT row_to_json(t)::text FROM {table} t")):
            plain = bytes.fromhex(body[2:]).decode("latin-1") if (body := json.loads(row).get("body")) else ""
            assert not any(word in row + plain for word in SECRET), table


def test_an_equal_nik_is_found_by_its_keyed_hash(desk: Any, session: Session) -> None:
    ident = desk.open()
    found = session.scalars(sa.select(RegistrationPerson).where(RegistrationPerson.nik_index == nik_index("1271014502900001"))).all()
    assert [(str(person.registration_id), person.part.value, person.name) for person in found] == [(ident, "mother", "Siti Lubis")]
