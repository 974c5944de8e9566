"""The register: added to, never changed, and a change around every lock still shows."""

import threading
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civil_registry.model.birth_record import BirthRecord
from civil_registry.model.birth_registration import BirthRegistration
from civil_registry.rules.register_chain import BEGINNING
from civil_registry.service import SERVICE
from civil_registry.use_cases.chains import BIRTHS, first_broken
from smartcity.storage.encryption import seal


def registered(desk: Any, names: str) -> list[str]:
    return [desk.brought_to("registration", child={"name": f"Anak {name}"}) for name in names]


def around_the_lock(session: Session, statement: str, **values: Any) -> None:
    """As the owner of the tables could do it."""
    session.execute(sa.text("ALTER TABLE birth_record DISABLE TRIGGER USER"))
    session.execute(sa.text(statement), values)
    session.execute(sa.text("ALTER TABLE birth_record ENABLE TRIGGER USER"))
    session.commit()


@pytest.mark.parametrize("table", ["birth_record", "registration_history", "marginal_note"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET position = position + 100", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_change_the_register_and_the_history(desk: Any, session: Session, table: str, statement: str) -> None:
    number = desk.show(desk.brought_to("signature"))["record_no"]
    desk.sign_act(number, desk.copy(number).json["id"])
    with pytest.raises(IntegrityError) as refused:
        session.execute(sa.text(statement.format(table)))
    session.rollback()
    assert "append-only" in str(refused.value)
    assert session.scalar(sa.text(f"SELECT count(*) FROM {table}")) > 0


def test_the_entity_cannot_change_it_either(desk: Any, session: Session) -> None:
    registered(desk, "A")
    record = session.scalars(sa.select(BirthRecord)).one()
    record.kelurahan_code = "12.71.02.1001"
    with pytest.raises(IntegrityError):
        session.commit()


def test_entries_are_chained_from_the_beginning(desk: Any, session: Session) -> None:
    registered(desk, "ABC")
    entries = list(session.scalars(sa.select(BirthRecord).order_by(BirthRecord.position)))
    assert [entry.position for entry in entries] == [1, 2, 3]
    assert [entry.previous_hash for entry in entries] == [BEGINNING, entries[0].hash, entries[1].hash]
    assert first_broken(session, BIRTHS) is None


@pytest.mark.parametrize(("statement", "position"), [
    ("UPDATE birth_record SET content = :content WHERE position = 2", 2),
    ("UPDATE birth_record SET content = :content || 'x'::bytea WHERE position = 3", 3),
    ("UPDATE birth_record SET kelurahan_code = '12.71.02.1001' WHERE position = 1", 1),
    ("UPDATE birth_record SET number = '1271-LU-12022026-0099' WHERE position = 3", 3),
    ("DELETE FROM birth_record WHERE position = 2", 2),
    ("DELETE FROM birth_record WHERE position = 3", 3),
    ("DELETE FROM birth_record", 1),
    ("UPDATE birth_record SET hash = decode(repeat('ab', 32), 'hex') WHERE position = 1", 1),
])  # fmt: skip
def test_a_change_around_the_locks_shows_at_its_place(desk: Any, session: Session, statement: str, position: int) -> None:
    registered(desk, "ABC")
    around_the_lock(session, statement, **({"content": seal('{"forged": "yes"}', "births")} if ":content" in statement else {}))
    assert first_broken(session, BIRTHS) == position


def test_the_check_of_the_whole_register_is_a_command(desk: Any, session: Session, config: Any, capsys: pytest.CaptureFixture[str]) -> None:
    registered(desk, "AB")
    check = SERVICE.commands["verify-register"]
    assert check(config) == 0
    around_the_lock(session, "DELETE FROM birth_record WHERE position = 1")
    assert check(config) == 1
    assert capsys.readouterr().out.splitlines() == ["the register is whole", "the register is broken at position 1"]


def test_registrars_at_once_leave_one_chain_and_no_gap(desk: Any, app: Any, session: Session) -> None:
    idents = [desk.brought_to("verification", child={"name": f"Anak {name}"}) for name in "ABCDEF"]
    for ident in idents:
        desk.told_apart(ident)
    versions = {ident: desk.etag(ident) for ident in idents}
    start, statuses = threading.Barrier(len(idents)), []

    def enter(ident: str, registrar: str) -> None:
        headers = {**desk.as_(registrar, "registrar", office="DISDUKCAPIL"), **versions[ident]}
        start.wait(10)
        statuses.append(app.test_client().post(f"/v1/birth-registrations/{ident}/registration", headers=headers).status_code)

    threads = [threading.Thread(target=enter, args=(ident, f"registrar-{turn}")) for turn, ident in enumerate(idents)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert statuses == [200] * 6
    numbers = list(session.scalars(sa.select(BirthRecord.number).order_by(BirthRecord.position)))
    assert numbers == [f"1271-LU-12022026-{serial:04}" for serial in range(1, 7)]
    assert first_broken(session, BIRTHS) is None
    niks = {entry.says["child"]["nik"] for entry in session.scalars(sa.select(BirthRecord))}
    assert len(niks) == 6


def test_a_registration_that_fails_half_way_leaves_no_entry_no_number_and_no_event(
    desk: Any, session: Session, told: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ident = desk.brought_to("verification")

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the power went out")

    with monkeypatch.context() as patch:
        patch.setattr(BirthRegistration, "register", fail)
        assert desk.step(ident, "registration").status_code == 500
    assert session.scalar(sa.select(sa.func.count()).select_from(BirthRecord)) == 0
    assert told("civil-registry.birth.registered.v1") == []
    assert desk.step(ident, "registration").json["record_no"] == "1271-LU-12022026-0001"
    assert first_broken(session, BIRTHS) is None


def test_the_register_keeps_what_the_law_asks(desk: Any, session: Session) -> None:
    ident = desk.brought_to("registration", child={"born_on": "2026-02-01"})
    says = session.scalars(sa.select(BirthRecord).where(BirthRecord.registration_id == UUID(ident))).one().says
    assert says["event"] == "birth" and says["place_of_issue"] == "Medan" and says["registrar_sub"] == "togar"
    assert says["child"]["citizenship"] == "WNI" and says["child"]["birth_city"] == "Medan"
    assert all(says[part]["name"] and says[part]["nik"] for part in ("mother", "father", "reporter"))
    assert len(says["witnesses"]) == 2
