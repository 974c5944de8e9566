"""Every list is a keyset page over an index: no sort, no scan of the table, and page 1000 costs what page 1 did."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.model.birth_registration import FILED, BirthRegistration
from civil_registry.model.birth_status import Status, Step
from civil_registry.model.name_sound import NameSound
from civil_registry.use_cases import birth_registrations, duplicate_search, register_search, retention, work_queues
from civil_registry.use_cases.my_cases import MY_CASES
from smartcity.http import Actor
from smartcity.testing.plans import must_read_cases_along

CITIZEN = Actor("citizen-7", frozenset({"citizen"}))
OFFICER = Actor("dewi", frozenset({"officer"}), office="DISDUKCAPIL")
ROWS = 20_000
FILL = """
INSERT INTO birth_registration (id, version, told, office, owner_sub, path, kelurahan_code, family_card_no, child_name, child_name_index,
    child_sex, born_on, born_at, birth_place_kind, birth_place_name, birth_city, child_order, twin_order, weight_g, helper,
    mother_nik_index, created_at, updated_at, status_since, status, waits_for, number, late)
SELECT lpad(to_hex(i), 32, '0')::uuid, 1, 0, CASE WHEN i % 4 = 3 THEN 'DISDUKCAPIL' ELSE 'OTHER' END, 'citizen-' || i % 100,
    'married_parents', '12.71.01.1001', '\\x00', '\\x00', sha256(i::text::bytea), 'female', date '2026-01-01' + i % 40, '04:10', 'home', '\\x00',
    'Medan', 1, 0, 3000, 'midwife', sha256((i % 5000)::text::bytea), now(), now(), now() - i * interval '1 minute',
    (ARRAY['submitted','in_check','returned','awaiting_late_decision'])[1 + i / 4 % 4],
    (ARRAY['verification','registration',NULL,'late_decision'])[1 + i / 4 % 4], 'P-' || i, false
FROM generate_series(1, :rows) i
"""


@pytest.fixture
def filled(session: Session) -> Session:
    session.execute(sa.text(FILL), {"rows": ROWS})
    session.commit()
    session.execute(sa.text("ANALYZE"))
    return session


def plan(session: Session, query: sa.Select[Any]) -> dict[str, Any]:
    compiled = query.limit(51).compile(dialect=session.get_bind().dialect, compile_kwargs={"render_postcompile": True})
    found = session.connection().exec_driver_sql("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + str(compiled), dict(compiled.params))
    return found.scalar_one()[0]["Plan"]  # type: ignore[no-any-return]


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from nodes(below)


def buffers(node: dict[str, Any]) -> int:
    return int(node["Shared Hit Blocks"]) + int(node["Shared Read Blocks"])


def _of_one_filing() -> sa.Select[BirthRegistration]:
    return sa.select(BirthRegistration).where(BirthRegistration.filing_id == UUID(int=7))


NEWEST = (BirthRegistration.id.desc(),)
OLDEST = (BirthRegistration.status_since, BirthRegistration.id)
LISTS = {
    "ix_birth_registration_owner_sub": (birth_registrations.listed(CITIZEN, None, mine=True), NEWEST),
    "ix_birth_registration_office": (birth_registrations.listed(OFFICER, None, mine=False), NEWEST),
    "ix_birth_registration_office_status": (birth_registrations.listed(OFFICER, Status.RETURNED, mine=False), NEWEST),
    "ix_birth_registration_filing_id": (_of_one_filing(), (BirthRegistration.id,)),
    "ix_birth_registration_waiting": (work_queues.waiting(OFFICER, None), OLDEST),
    "ix_birth_registration_waiting_step": (work_queues.waiting(OFFICER, Step.REGISTRATION), OLDEST),
}


def test_every_list_reads_its_index_in_order(filled: Session) -> None:
    for index, (query, keys) in LISTS.items():
        found = list(nodes(plan(filled, query.order_by(*keys))))
        assert {node["Node Type"] for node in found} <= {"Limit", "Index Scan", "Index Only Scan"}, index
        (used,) = (node["Index Name"] for node in found if "Index Name" in node)
        # a list of a whole office is as well read along the primary key, which has the same order
        assert used == index or (used.startswith("pk_") and "_office" in index), index


def test_a_far_page_reads_no_more_than_the_first(filled: Session) -> None:
    query = birth_registrations.listed(OFFICER, None, mine=False).order_by(BirthRegistration.id.desc())
    first = plan(filled, query)
    far = plan(filled, query.where(sa.tuple_(BirthRegistration.id) < sa.tuple_(sa.literal(UUID(int=ROWS // 10)))))
    assert buffers(far) <= 1.2 * buffers(first)


DEATHS = """
INSERT INTO death_registration (id, version, told, office, owner_sub, path, kelurahan_code, said, died_on, created_at, updated_at, status_since, status, late)
SELECT id, 1, 0, office, owner_sub, 'with_letter', kelurahan_code, '\\x00', born_on, now(), now(), now(), 'draft', false FROM birth_registration
"""
MINE = ["ix_birth_registration_owner_sub", "ix_death_registration_owner_sub"]


def test_each_kind_of_me_cases_is_read_along_its_index_the_last_page_like_the_first(filled: Session) -> None:
    filled.execute(sa.text(DEATHS))
    filled.commit()
    filled.execute(sa.text("ANALYZE"))
    must_read_cases_along(filled, MY_CASES, "citizen-7", MINE)


def test_the_same_child_is_looked_for_by_its_mother_not_by_reading_all(filled: Session) -> None:
    asked = f"SELECT 1 FROM birth_registration WHERE {FILED} AND mother_nik_index = sha256('7') AND born_on = '2026-01-08'"
    found = filled.execute(sa.text(f"EXPLAIN (FORMAT JSON) {asked}")).scalar_one()[0]["Plan"]
    assert {node.get("Index Name") for node in nodes(found)} & {"uq_birth_registration_child"}


SOUND = """
INSERT INTO name_sound (registration_id, sound, born_on)
SELECT id, substring(sha256((row_number() OVER (ORDER BY id) % 400)::text::bytea) FOR 16), born_on FROM birth_registration
"""


def test_who_may_be_the_same_child_is_proposed_by_sounds_and_by_the_mother_not_by_reading_all(
    filled: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.execute(sa.text(SOUND))
    filled.commit()
    filled.execute(sa.text("ANALYZE name_sound"))
    columns = (BirthRegistration.born_on, BirthRegistration.mother_nik_index)
    born_on, mother = filled.execute(sa.select(*columns).where(BirthRegistration.id == UUID(int=9))).one()
    one: Any = SimpleNamespace(born_on=born_on, mother_nik_index=mother, child_name="")
    monkeypatch.setattr(duplicate_search, "sounds_of", lambda name: [filled.scalars(sa.select(NameSound.sound)).first()])
    for query, index in (
        (duplicate_search.sounding_alike(one), "ix_name_sound_sound"),
        (duplicate_search.of_the_mother(one), "uq_birth_registration_child"),
    ):
        found = list(nodes(plan(filled, query)))
        assert not [node for node in found if node["Node Type"] == "Seq Scan"], index
        assert index in {node.get("Index Name") for node in found}


PEOPLE = """
INSERT INTO registration_person (id, registration_id, part, position, name, nik, nik_index)
SELECT gen_random_uuid(), id, part, 1, '\\x00', '\\x00', sha256((id::text || part)::bytea)
FROM birth_registration, unnest(ARRAY['mother', 'father']) part
"""
RECORDS = """
INSERT INTO birth_record (id, version, told, position, number, registration_id, office, owner_sub, kind, kelurahan_code, registered_on,
    registered_at, registrar_sub, child_nik_index, content, previous_hash, hash)
SELECT gen_random_uuid(), 1, 0, n, 'N-' || n, id, 'DISDUKCAPIL', owner_sub, 'in_time', kelurahan_code, born_on, now(), 'togar',
    sha256(n::text::bytea), '\\x00', sha256('a'), sha256(id::text::bytea)
FROM (SELECT id, owner_sub, kelurahan_code, born_on, row_number() OVER (ORDER BY id) n FROM birth_registration) r
"""


def test_the_register_is_searched_along_keyed_hashes_not_by_reading_all(filled: Session) -> None:
    for statement in (SOUND, PEOPLE, RECORDS):
        filled.execute(sa.text(statement))
    filled.commit()
    filled.execute(sa.text("ANALYZE"))
    for name, search in {
        "nik": register_search.by_nik("1271014502900001"),
        "name": register_search.by_name("Nur", date(2026, 1, 9)),
    }.items():
        found = list(nodes(plan(filled, search)))
        assert not [node for node in found if node["Node Type"] == "Seq Scan" and node["Relation Name"] != "awaited_nik"], name
        assert buffers(found[0]) < 60, name


def test_what_is_kept_no_longer_is_found_along_its_own_index(filled: Session) -> None:
    found = list(nodes(plan(filled, retention.over(BirthRegistration, datetime.now(UTC)))))
    assert [node.get("Index Name") for node in found if "Index Name" in node] == ["ix_birth_registration_unkept"]
