"""Complaints in figures, with 1,000,000 of six years loaded: whole lives a second in rushes, what is near, what page 1000 costs, and photos apart.

A life is seven requests of three people to the service itself, each checked, decided and committed durably: filed, searched for, verified, laid
before an office, begun, answered, accepted. They arrive 1→15→1→25→2→35→10 a second, whether those before are served or not; before, as the
yardstick of the last step, 10 a second. A rush lasts `RUSH` seconds, a calm step until answers are as quick again as they were before any rush.
Two `web` processes answer; relay and due work rest.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from datetime import datetime
from functools import partial
from random import Random
from uuid import UUID

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks import complaints_photos
from benchmarks.arrivals import LONGEST, Arrivals, Doors
from benchmarks.complaints_life import People, served
from benchmarks.figures import Figure, at_most
from benchmarks.loaders.complaints import LAST, SEED, City, load
from benchmarks.loaders.drawing import keys_of
from benchmarks.places import Measured, apart, server
from complaints.model.complaint import Complaint
from complaints.use_cases import duplicates
from complaints.use_cases.categories import categories
from complaints.use_cases.reporting import public_list
from smartcity.storage import migrate
from smartcity.testing import postgres
from smartcity.testing.plans import buffers, plan

ROWS, FAR, PAGE, ASKED = 1_000_000, 1000, 50, 1000
CALM, RUSH = 12.0, 5.0
RUSHES = ((15, 1), (25, 2), (35, 10))
"""So many a second, and then so many."""


def _engine(database_url: str) -> sa.Engine:
    return sa.create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"))


def near(database_url: str) -> list[float]:
    """Milliseconds of asking what is near: every other time where it is always bad, else anywhere, each time of another category."""
    keys_of(database_url)
    city, chance, took = City(0, Random(SEED)), Random(1), list[float]()
    codes, now = list(categories()), LAST
    with Session(_engine(database_url)) as session:
        for number in range(ASKED):
            latitude, longitude = chance.choice(city.bad) if number % 2 else city.anywhere()
            wanted = {"category": codes[number % len(codes)], "latitude": latitude, "longitude": longitude}
            took.append(_milliseconds(session, wanted, now))
    return took


def _milliseconds(session: Session, wanted: dict[str, object], now: datetime) -> float:
    session.expunge_all()
    began = time.perf_counter()
    duplicates.near(session, wanted, now)
    return 1000 * (time.perf_counter() - began)


def blocks(database_url: str) -> tuple[int, int]:
    """Blocks that page 1 and page 1000 of what everybody may read cost."""
    query = public_list(None, None, None).order_by(Complaint.id.desc())
    with Session(_engine(database_url)) as session:
        last: UUID = session.scalars(query.with_only_columns(Complaint.id).offset((FAR - 1) * PAGE - 1).limit(1)).one()
        after = query.where(sa.tuple_(Complaint.id) < sa.tuple_(sa.literal(last)))
        return buffers(plan(session, query.limit(PAGE + 1))), buffers(plan(session, after.limit(PAGE + 1)))


async def rushes(doors: Doors, people: People) -> list[Figure]:
    """The arrivals, step by step."""
    arrivals, found, usual = Arrivals(doors, people.life), list[Figure](), dict[int, float]()
    await arrivals.step(2, CALM / 2)  # the first of everything is slower
    await arrivals.leave()
    for rate in (10, 1):
        began = await arrivals.step(rate, CALM)
        await arrivals.leave()
        usual[rate] = doors.p95(began, time.perf_counter())
        found.append(Figure(f"p95 of a request, {rate} lives a second", usual[rate], "ms"))
    for rush, calm in RUSHES:
        began = await arrivals.step(rush, RUSH)
        ended = time.perf_counter()
        carried = sum(began <= at < ended for at in arrivals.served) / (ended - began)
        found.append(Figure(f"p95 of a request, {rush} lives a second come", doors.p95(began, ended), "ms"))
        found.append(Figure(f"lives a second carried while {rush} come", carried, "/s"))
        back = await arrivals.calm(calm, usual[10 if calm == 10 else 1])
        found.append(at_most(f"until the p95 is within a fifth again, {calm} lives a second", back, LONGEST, "s"))
    await arrivals.leave()
    for reason in sorted(set(doors.refused))[:5]:
        print(f"    refused: {reason}", file=sys.stderr)
    return [*found, at_most(f"lives of {arrivals.came} that were let down", 100 * (1 - len(arrivals.served) / arrivals.came), 1, "%")]


def measured(database_url: str) -> Measured:
    """Everything, of a database that is loaded."""
    first, far = blocks(database_url)
    yield Figure("blocks read by page 1 of a million complaints", first, "")
    yield at_most("blocks read by page 1000 / page 1", far / first, 1.2, "x")
    (took,) = apart(partial(near, database_url))
    yield Figure("what is near, of a million complaints: p50", statistics.median(took), "ms")
    yield at_most("what is near, of a million complaints: p99", statistics.quantiles(took, n=100)[-1], 20)
    with tempfile.TemporaryDirectory() as files, served(database_url, files) as (doors, people):
        yield from asyncio.run(rushes(doors, people))
        yield from complaints_photos.figures(database_url, files, doors, people)


def figures() -> Measured:
    """The million, then what it costs."""
    with server("shared_buffers=512MB") as server_url:
        url = postgres.create(server_url, "a_million_complaints")
        migrate.upgrade("complaints", url)
        began = time.perf_counter()
        load(url, ROWS)
        yield Figure("a million complaints and what hangs on them loaded", time.perf_counter() - began, "s")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
        yield from measured(url)
