"""Years of permits: `python -m benchmarks.loaders.licensing [--rows 1000000] [--database postgresql://…]`.

Applications, the clocks of the steps in hand and whose they are, and the permits of those that were issued; the same seed gives the same rows. Without an
address into a PostgreSQL of its own, which stays until Ctrl-C. With one: into a migrated, empty database, as its superuser. Names are sealed
with the key of tests and benchmarks.
"""

import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg

from benchmarks.loaders.drawing import command, copy, ident, keys_of, line, one_of
from licensing.rules.map_grid import cell_of
from smartcity.regions import all_kelurahan, city_box
from smartcity.storage.encryption import seal

SEED, OFFICE, COMPANY = 20260, "DPMPTSP", "company-1"
FIRST, LAST = datetime(2021, 1, 4, tzinfo=UTC), datetime(2026, 10, 30, tzinfo=UTC)
TYPES = {"PBG": 55, "TOKO": 15, "REKLAME": 15, "SLF": 10, "TANAH": 3, "TRAYEK": 2}
ENDED = {"issued": 80, "rejected": 8, "withdrawn": 8, "returned": 2, "draft": 2}
IN_HAND = {"submitted": 25, "complete": 15, "in_examination": 35, "approved": 10, "awaiting_payment": 15}
STILL_IN_HAND = 0.97
ROLES = {"submitted": "officer", "complete": "examiner", "in_examination": "approver", "approved": "officer"}
APPLICATION = (
    "id, version, told, office, owner_sub, permit_type, applicant_name, applicant_address, site_address, kelurahan_code, answers, position, "
    "created_at, updated_at, status_since, status, number, submitted_at, retribution, assessment_id, paid_total, permit_id"
)
OFFICERS = 40
ASSIGNMENT = """
INSERT INTO assignment (id, application_id, office, step, role, since, officer_sub, assigned_at, assigned_by, ended_at)
SELECT gen_random_uuid(), a.id, a.office, coalesce(c.step, 'in_examination'), coalesce(c.role, 'approver'), a.submitted_at,
    'officer-' || row_number() OVER (ORDER BY a.id) %% %s, a.submitted_at, 'load', CASE WHEN c.step IS NULL THEN a.status_since END
FROM permit_application a LEFT JOIN step_clock c ON c.application_id = a.id WHERE a.submitted_at IS NOT NULL
"""
CLOCK = "application_id, step, role, days, working, legal_basis, used, since, due_on, escalated"
PERMIT = (
    "id, version, told, number, permit_type, application_id, application_no, office, owner_sub, holder_name, holder_address, site_address, "
    "kelurahan_code, building, legal_basis, retribution_total, verify_code, issued_at, status, latitude, longitude, cell, processing_days, within_clock"
)


@dataclass
class City:
    """What the rows are drawn from."""

    rows: int
    chance: random.Random
    names: list[str] = field(init=False)
    places: list[str] = field(default_factory=lambda: [place.code for place in all_kelurahan()])
    numbers: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.names = ["\\\\x" + seal(f"Pemohon {number}").hex() for number in range(50)]

    def number(self, kind: str, at: datetime) -> str:
        """The next of its kind and year."""
        series = f"{kind}/{OFFICE}/{at.year}"
        self.numbers[series] += 1
        return f"{series}/{self.numbers[series]:06}"

    def place(self) -> tuple[float, float] | None:
        """Where a site is; one in five did not say."""
        west, south, east, north = city_box()
        point = round(self.chance.uniform(south, north), 6), round(self.chance.uniform(west, east), 6)
        return point if self.chance.random() < 0.8 else None


def rows(city: City) -> Iterator[tuple[str, str | None, str | None]]:
    """Application, running clock and permit, each as a line for COPY."""
    for number in range(city.rows):
        share = number / city.rows
        yield _one(city, FIRST + share * (LAST - FIRST), one_of(city.chance, IN_HAND if share >= STILL_IN_HAND else ENDED))


def _one(city: City, at: datetime, status: str) -> tuple[str, str | None, str | None]:
    chance, kind = city.chance, one_of(city.chance, TYPES)
    key, days = ident(chance, at), int(chance.lognormvariate(2.5, 0.7))
    owner = COMPANY if chance.random() < 0.01 else f"citizen-{chance.randrange(1 + city.rows // 3)}"
    name, kelurahan, place = chance.choice(city.names), chance.choice(city.places), city.place()
    number = None if status == "draft" else city.number(f"P-{kind}", at)
    charged = status in ("issued", "awaiting_payment")
    amount = chance.randrange(100_000, 5_000_000) if charged and kind in ("PBG", "TANAH") else 0 if charged else None
    moved, issued = at + timedelta(days=min(days, (LAST - at).days)), status == "issued"
    permit = ident(chance, moved) if issued else None
    where = place and f'{{"lat": {place[0]}, "lon": {place[1]}}}'
    application = line(
        key, 1, 0, OFFICE, owner, kind, name, name, f"Jalan Nomor {chance.randrange(500)}", kelurahan, '{"keperluan": "contoh"}', where,
        at, moved, moved, status, number, at if number else None, amount, key if charged else None, amount if issued else 0, permit,
    )  # fmt: skip
    if not issued:
        return application, _clock(key, status, at), None
    cell = place and cell_of(*place)
    given = line(
        permit, 1, 0, city.number(kind, moved), kind, key, number, OFFICE, owner, name, name, "Jalan", kelurahan, '{"fungsi": "hunian_kecil"}',
        "PP 16/2021", amount, f"L-{key.hex}", moved, "active", *(place or (None, None)), cell, days, days < 30,
    )  # fmt: skip
    return application, None, given


def _clock(key: UUID, step: str, at: datetime) -> str | None:
    if step not in ROLES:
        return None
    return line(key, step, ROLES[step], 5, True, "contoh", 0, at, (at + timedelta(days=7)).date(), 0)


def load(database_url: str, count: int, seed: int = SEED) -> None:
    """Fill a migrated, empty database with `count` applications, and let PostgreSQL look at them."""
    keys_of(database_url)
    city = City(count, random.Random(seed))
    with tempfile.TemporaryFile("w+") as clocks, tempfile.TemporaryFile("w+") as permits, psycopg.connect(database_url) as connection:
        connection.execute("SET session_replication_role = replica")  # the rows refer to each other rightly by themselves
        with connection.cursor().copy(f"COPY permit_application ({APPLICATION}) FROM STDIN") as into:
            for application, clock, permit in rows(city):
                into.write(application)
                clocks.write(clock or "")
                permits.write(permit or "")
        copy(connection, f"COPY step_clock ({CLOCK}) FROM STDIN", clocks)
        copy(connection, f"COPY permit ({PERMIT}) FROM STDIN", permits)
        connection.execute(ASSIGNMENT, (OFFICERS,))
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    command("licensing", "applications", load, __doc__)
