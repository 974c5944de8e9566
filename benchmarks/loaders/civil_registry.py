"""Years of births: `python -m benchmarks.loaders.civil_registry [--rows 1000000] [--database postgresql://…]`.

Registered births of 25 years with parents, reporter, the sounds of the child's name, register entry and certificate, and as many looks at them; names, sounds and NIKs
are drawn from some thousand, sealed and hashed for real with that database's keys. Entries stand in the register by position and are not chained.
Without an address into a PostgreSQL of its own, which stays until Ctrl-C. With one: into a migrated, empty database, as its superuser.
"""

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta

import psycopg

from benchmarks.loaders.drawing import command, keys_of, without_indexes
from civil_registry.rules.names import normalised
from civil_registry.use_cases.birth_particulars import nik_index
from civil_registry.use_cases.name_sounds import sounds_of
from smartcity.regions import all_kelurahan
from smartcity.storage import blind_index
from smartcity.storage.encryption import seal

SEED, NAMES, CLERK, DAYS = 20263, 8_000, "clerk-1", 9_200
GIVEN = (
    "Nur", "Aisyah", "Muhammad", "Rizky", "Dewi", "Sri", "Putri", "Ahmad", "Siti", "Budi", "Rina", "Andi", "Maria", "Yohana", "Daniel", "Ruth", "Fajar", "Indah", "Bagus",
    "Tiur", "Hotma", "Parulian", "Lestari", "Zahra", "Fatimah", "Ilham", "Ridwan", "Melati", "Anggun", "Kartika", "Surya", "Wulan", "Bintang", "Cahaya", "Teguh", "Intan",
)  # fmt: skip
LAST = (
    "Siregar", "Lubis", "Nasution", "Harahap", "Tarigan", "Ginting", "Sembiring", "Simanjuntak", "Sitompul", "Pasaribu", "Hutapea", "Manurung", "Sinaga", "Damanik",
    "Purba", "Saragih", "Rangkuti", "Batubara", "Daulay", "Pohan", "Tanjung", "Chaniago", "Wijaya", "Santoso", "Prasetyo", "Hidayat", "Syahputra", "Lim", "Tan", "Halim",
)  # fmt: skip
SETTINGS = ("session_replication_role = replica", "maintenance_work_mem = '256MB'", "synchronous_commit = off")
TABLES = ["birth_registration", "registration_person", "name_sound", "birth_record", "certificate", "access_log"]
POOL = """
CREATE TEMP TABLE child (n int, name bytea, name_index bytea, sounds bytea[]);
CREATE TEMP TABLE person (n int, name bytea, nik bytea, nik_index bytea);
CREATE TEMP TABLE entry (n int, content bytea)
"""
BORN = """
CREATE TEMP TABLE born AS SELECT i, (lpad(to_hex(i), 12, '0') || '7000' || '8' || lpad(to_hex(i), 15, '0'))::uuid AS id,
    date '{first}' + ((i * 7919::bigint) %% {days})::int AS day, 1 + (i * 104729::bigint) %% {names} AS child,
    1 + (i * 15485863::bigint) %% {names} AS parent, (%(places)s::text[])[1 + i %% %(count)s] AS place
FROM generate_series(1, %(rows)s) i
"""
FILL = (
    """INSERT INTO birth_registration (id, version, told, office, owner_sub, path, circumstances, kelurahan_code, family_card_no, child_name, child_name_index, child_sex,
    born_on, born_at, birth_place_kind, birth_place_name, birth_city, child_order, twin_order, weight_g, length_cm, helper, mother_nik_index, created_at, updated_at,
    status_since, status, number, submitted_at, days_after_birth, late, verified_at, verifier_sub, registrar_sub, signer_sub, record_no, certificate_id, bundle)
SELECT b.id, 6, 4, 'DISDUKCAPIL', 'citizen-' || b.i % 400000, 'married_parents', '{}', b.place, NULL, c.name, c.name_index, CASE b.i % 2 WHEN 0 THEN 'male' ELSE 'female' END,
    b.day, '04:10', 'hospital', c.name, 'Medan', 1 + b.i % 4, 0, 3000, 49, 'midwife', sha256(('m' || b.i)::bytea), b.day + 5, b.day + 9, b.day + 9, 'collected',
    'P-' || b.i, b.day + 5, 5, false, b.day + 6, 'officer-1', 'registrar-1', 'signer-1', 'N-' || b.i, b.id, '{}'
FROM born b JOIN child c ON c.n = b.child""",
    """INSERT INTO registration_person (id, registration_id, part, position, name, nik, nik_index, born_on, relation)
SELECT gen_random_uuid(), b.id, part, 1, p.name, p.nik, CASE WHEN part = 'mother' THEN sha256(('m' || b.i)::bytea)
    WHEN b.i <= 3 * {names} THEN p.nik_index ELSE sha256(('f' || b.i / 3)::bytea) END, b.day - 9000,
    CASE part WHEN 'reporter' THEN 'father' END
FROM born b CROSS JOIN unnest(ARRAY['mother', 'father', 'reporter']) WITH ORDINALITY AS parts(part, k) JOIN person p ON p.n = 1 + (b.parent + (k = 1)::int * 17) % {names}""",
    "INSERT INTO name_sound (registration_id, sound, born_on) SELECT b.id, unnest(c.sounds), b.day FROM born b JOIN child c ON c.n = b.child",
    """INSERT INTO birth_record (id, version, told, position, number, registration_id, office, owner_sub, kind, kelurahan_code, registered_on, registered_at, registrar_sub,
    child_nik_index, content, previous_hash, hash)
SELECT b.id, 1, 0, b.i, 'N-' || b.i, b.id, 'DISDUKCAPIL', 'citizen-' || b.i % 400000, 'in_time', b.place, b.day + 7, b.day + 7, 'registrar-1', sha256(('c' || b.i)::bytea),
    e.content, sha256(('h' || b.i - 1)::bytea), sha256(('h' || b.i)::bytea)
FROM born b JOIN entry e ON e.n = b.child""",
    """INSERT INTO certificate (id, version, told, number, edition, noted, office, owner_sub, signer_sub, issued_at, verify_code, registration_id, record_id, status)
SELECT b.id, 1, 1, 'N-' || b.i, 1, 0, 'DISDUKCAPIL', 'citizen-' || b.i % 400000, 'signer-1', b.day + 8, 'R-' || b.i, b.id, b.id, 'valid' FROM born b""",
    """INSERT INTO access_log (id, at, actor, office, person, record_kind, record_id, purpose, request_id)
SELECT gen_random_uuid(), b.day + 6 + b.i % 86400 * interval '1 second', CASE b.i % 50 WHEN 0 THEN '{clerk}' ELSE 'officer-' || b.i % 300 END, 'DISDUKCAPIL',
    'citizen-' || b.i % 400000, 'birth_registration', b.id, 'verification', 'r-' || b.i FROM born b""",
    "INSERT INTO number_series (kind, office, period, last) VALUES ('birth-register', 'DISDUKCAPIL', 'all', %(rows)s)",
)


def names(chance: random.Random) -> Iterator[str]:
    """Whole names, most of them told apart by one word only."""
    for _ in range(NAMES):
        yield " ".join((*chance.sample(GIVEN, 2), chance.choice(LAST)))


def nik_of(number: int) -> str:
    """Of the father of three births, 1 to 8,000."""
    return f"127101050570{number:04}"


def _pool(connection: psycopg.Connection[object], chance: random.Random) -> None:
    connection.execute(POOL)
    with connection.cursor() as cursor:
        with cursor.copy("COPY child FROM STDIN") as into:
            children = list(names(chance))
            for n, name in enumerate(children, start=1):
                index = blind_index(normalised(name), "child-name")
                into.write_row((n, seal(name, "birth-applications"), index, sounds_of(name)))
        with cursor.copy("COPY person FROM STDIN") as into:
            for n, name in enumerate(names(chance), start=1):
                into.write_row((n, seal(name, "birth-applications"), seal(nik_of(n), "birth-applications"), nik_index(nik_of(n))))
        with cursor.copy("COPY entry FROM STDIN") as into:
            for n, name in enumerate(children, start=1):
                says = {
                    "event": "birth",
                    "child": {"name": name, "born_on": "2010-05-01", "nik": "1271010501100001"},
                    "kind": "in_time",
                    "salt": "0" * 32,
                }
                into.write_row((n, seal(json.dumps(says), "births")))
    connection.execute("ANALYZE child; ANALYZE person; ANALYZE entry")


def load(database_url: str, count: int, seed: int = SEED, last: date | None = None) -> None:
    """Fill a migrated, empty database with `count` registered births up to the day `last` (yesterday), and let PostgreSQL look at them."""
    first = (last or date.today() - timedelta(days=1)) - timedelta(days=DAYS - 1)
    keys_of(database_url)
    places = [place.code for place in all_kelurahan()]
    with psycopg.connect(database_url) as connection:
        for setting in SETTINGS:
            connection.execute(f"SET {setting}")
        _pool(connection, random.Random(seed))
        drawn = BORN.format(first=first, days=DAYS, names=NAMES)
        connection.execute(drawn, {"places": places, "count": len(places), "rows": count})
        with without_indexes(connection, TABLES):
            for statement in FILL:
                text = statement.replace("{names}", str(NAMES)).replace("{clerk}", CLERK)
                connection.execute(text, {"rows": count}) if "%(rows)s" in text else connection.execute(text)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    command("civil_registry", "births", load, __doc__)
