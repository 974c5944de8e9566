"""Years of complaints: `python -m benchmarks.loaders.complaints [--rows 1000000] [--database postgresql://…]`.

Complaints in every state with the clocks that run, and what hangs on them (`complaints_hangs_on.py`); the same seed gives the same rows. Two in
five lie around some hundred places where it is always bad, the others anywhere in the city; one office of a neighbourhood has filed a hundredth of
all. Without an address into a PostgreSQL of its own, which stays until Ctrl-C. With one: into a migrated, empty database, as its superuser.
"""

import random
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.loaders.complaints_hangs_on import hang_on
from benchmarks.loaders.drawing import command, ident, keys_of, line, one_of, without_indexes
from complaints.model.complaint_status import Clock
from complaints.rules.clocks import answer_by
from complaints.use_cases.categories import categories, ends
from smartcity.calendar import day_of
from smartcity.regions import all_kelurahan, city_box

SEED, NEIGHBOURHOOD = 20262, "lingkungan-1"
FIRST, LAST = datetime(2021, 1, 4, tzinfo=UTC), datetime(2026, 10, 30, tzinfo=UTC)
BAD_PLACES, AROUND = 300, 0.0015
"""How many, and how far around one they lie (degrees)."""
WHAT = {
    "jalan_rusak": 22,
    "lpju": 14,
    "sampah": 13,
    "drainase": 10,
    "banjir": 8,
    "parkir_liar": 6,
    "trotoar": 5,
    "pohon": 4,
    "bangunan_liar": 3,
}
ENDED = {"closed": 78, "archived": 14, "withdrawn": 8}
IN_HAND = {"received": 10, "needs_completion": 5, "disposed": 15, "in_progress": 45, "answered": 25}
STILL_IN_HAND = 0.985
CHANNELS = {"web": 40, "app": 35, "whatsapp": 15, "sms": 5, "counter": 5}
CLOCKS = {
    "received": Clock.VERIFICATION, "needs_completion": Clock.COMPLETION, "disposed": Clock.FOLLOW_UP, "in_progress": Clock.ANSWER,
    "answered": Clock.CONSENT,
}  # fmt: skip
OF_AN_OFFICE = ("disposed", "in_progress", "answered", "closed")
THINGS = ("Jalan", "Trotoar", "Parit", "Lampu jalan", "Jembatan", "Pohon", "Sampah", "Got", "Gorong-gorong", "Rambu")
TROUBLES = ("berlubang", "rusak", "tersumbat", "padam", "tergenang", "tumbang", "menumpuk", "membahayakan", "belum diperbaiki", "bau")
NEAR = ("sekolah", "pasar", "masjid", "gereja", "rumah sakit", "simpang", "terminal", "jembatan", "kantor lurah", "rel kereta")
STREETS = (
    "Sisingamangaraja",
    "Gatot Subroto",
    "Setia Budi",
    "Yos Sudarso",
    "Sei Deli",
    "Pandu",
    "Krakatau",
    "Letda Sujono",
    "Bromo",
    "Halat",
)
TEXT = "Sudah lama begini dan makin parah setiap hujan. Warga sudah mengeluh kepada kepala lingkungan, mohon segera ditangani."
COMPLAINT = (
    "id, version, told, number, owner_sub, recorded_by, channel, category, title, text, kelurahan_code, address, follow_up_index, anonymous, "
    "confidential, received_at, updated_at, status_since, answer_by, status, clock, deadline, escalation, close_cause, verified_at, verify_by, "
    "answered_at, closed_at, office, latitude, longitude, rating, returns, reopenings, support_count, unread_photos, duplicate_of"
)
TABLES = ("complaint", "complaint_history", "complaint_photo", "complaint_follower")


@dataclass
class City:
    """What the rows are drawn from."""

    rows: int
    chance: random.Random
    shares: dict[str, int] = field(init=False)
    bad: list[tuple[float, float]] = field(init=False)
    kelurahan: list[str] = field(default_factory=lambda: [place.code for place in all_kelurahan()])
    numbers: Counter[str] = field(default_factory=Counter)
    pursued: deque[UUID] = field(default_factory=lambda: deque(maxlen=50))

    def __post_init__(self) -> None:
        self.shares = {code: WHAT.get(code, 1) for code in categories()}
        self.bad = [self.anywhere() for _ in range(BAD_PLACES)]

    def anywhere(self) -> tuple[float, float]:
        """Latitude and longitude in the city's box."""
        west, south, east, north = city_box()
        return self.chance.uniform(south + AROUND, north - AROUND), self.chance.uniform(west + AROUND, east - AROUND)

    def place(self) -> tuple[float | None, float | None]:
        """Where a complaint is; one in ten does not say."""
        share = self.chance.random()
        if share < 0.1:
            return None, None
        if share < 0.6:
            return self.anywhere()
        north, east = self.chance.choice(self.bad)
        return north + self.chance.uniform(-AROUND, AROUND), east + self.chance.uniform(-AROUND, AROUND)

    def number(self, at: datetime) -> str:
        """The next of its month."""
        month = f"{day_of(at):%Y%m}"
        self.numbers[month] += 1
        return f"MRK-{month}-{self.numbers[month]:06d}"

    def words(self) -> tuple[str, str]:
        """Title and address."""
        some = self.chance.choice
        return (
            f"{some(THINGS)} {some(TROUBLES)} di depan {some(NEAR)}",
            f"Jalan {some(STREETS)} nomor {self.chance.randrange(400)}",
        )


@cache
def _ends(clock: Clock, day: date) -> datetime:
    return ends(clock, datetime(day.year, day.month, day.day, 5, tzinfo=UTC))


@cache
def _answer_by(day: date, days: int) -> datetime:
    return answer_by(datetime(day.year, day.month, day.day, 5, tzinfo=UTC), days)


@dataclass
class Way:
    """How far a complaint has come, and when."""

    status: str
    since: datetime
    verified: datetime | None = None
    answered: datetime | None = None
    cause: str | None = None
    rating: int | None = None

    @classmethod
    def drawn(cls, chance: random.Random, at: datetime, status: str) -> "Way":
        """From being filed at `at` until now."""
        until = (LAST - at).total_seconds()
        took = min(chance.lognormvariate(1.8, 0.7) * 86_400, until)
        if status not in OF_AN_OFFICE:
            read = status in ("archived", "withdrawn") and chance.random() < 0.5
            return cls(status, at + timedelta(seconds=took), at + timedelta(seconds=took / 2) if read else None)
        verified, moved = at + timedelta(seconds=took / 5), at + timedelta(seconds=took)
        if status != "closed":
            return cls(status, moved, verified, moved if status == "answered" else None)
        accepted = chance.random() < 0.6
        answered = at + timedelta(seconds=took * 0.7)
        return cls(status, moved, verified, answered, "accepted" if accepted else "silence", chance.randrange(1, 6) if accepted else None)


def rows(city: City) -> Iterator[str]:
    """Each complaint as a line for COPY, the oldest first."""
    for number in range(city.rows):
        share = number / city.rows
        yield _one(city, FIRST + share * (LAST - FIRST), one_of(city.chance, IN_HAND if share >= STILL_IN_HAND else ENDED))


def _one(city: City, at: datetime, status: str) -> str:
    chance, kind = city.chance, categories()[one_of(city.chance, city.shares)]
    key, way, day = ident(chance, at), Way.drawn(chance, at, status), at.date()
    north, east = city.place()
    known = chance.random() < 0.75
    owner = "" if not known else NEIGHBOURHOOD if chance.random() < 0.0134 else f"citizen-{chance.randrange(1 + city.rows // 3)}"
    channel = one_of(chance, CHANNELS) if not known else "web"
    shown, confidential = way.verified is not None, chance.random() < 0.06
    original = chance.choice(city.pursued) if status == "archived" and city.pursued and chance.random() < 0.3 else None
    if shown and not confidential and status in OF_AN_OFFICE:
        city.pursued.append(key)
    end = _running(way, day, kind.answer_days)
    return line(
        key, 1, 0, city.number(at), owner, owner or "citra", channel, kind.code, *_said(city), f"\\\\x{chance.getrandbits(256):064x}",
        chance.random() < 0.2, confidential, at, way.since, way.since, _answer_by(day, kind.answer_days), status,
        CLOCKS[status] if end else None, end, "head" if end and end < LAST else "none", way.cause, way.verified,
        _ends(Clock.VERIFICATION, day), way.answered, way.since if status == "closed" else None,
        kind.office if status in OF_AN_OFFICE else None, north, east, way.rating, 0, int(status == "closed" and chance.random() < 0.05),
        int(chance.expovariate(1.2)) if shown and not confidential else 0, int(shown and chance.random() < 0.004), original,
    )  # fmt: skip


def _said(city: City) -> tuple[Any, ...]:
    """Title, text, kelurahan, address."""
    title, address = city.words()
    return title, TEXT, city.chance.choice(city.kelurahan), address


def _running(way: Way, filed: date, days: int) -> datetime | None:
    """When the clock runs out that runs, if one does."""
    if way.status not in CLOCKS:
        return None
    if way.status == "in_progress":
        return max(_answer_by(filed, days), _ends(Clock.FOLLOW_UP, way.since.date()))
    return _ends(CLOCKS[way.status], way.since.date())


def load(database_url: str, count: int, seed: int = SEED) -> None:
    """Fill a migrated, empty database with `count` complaints, and let PostgreSQL look at them."""
    keys_of(database_url)
    city = City(count, random.Random(seed))
    with psycopg.connect(database_url) as connection:
        connection.execute("SET session_replication_role = replica")  # the rows refer to each other rightly by themselves
        connection.execute("SET maintenance_work_mem = '256MB'")
        with without_indexes(connection, TABLES):
            with connection.cursor().copy(f"COPY complaint ({COMPLAINT}) FROM STDIN") as into:
                for one in rows(city):
                    into.write(one)
            hang_on(connection, count)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    command("complaints", "complaints", load, __doc__)
