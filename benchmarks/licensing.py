"""Licensing in figures: how many estimates one core computes inside the engine, and what page 1000 of a million applications costs beside page 1.

The pages are requests of an officer to the service itself (token, policy, query, JSON), by the cursors the service gave; the two are asked in
turns and the medians are compared. The blocks each page reads are PostgreSQL's own count.
"""

import statistics
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from benchmarks.figures import Figure, at_least, at_most
from benchmarks.loaders.licensing import load
from benchmarks.places import Measured, apart, config, server
from licensing.model.permit_application import PermitApplication
from licensing.service import SERVICE
from licensing.use_cases.permit_applications import listed
from licensing.use_cases.retribution_estimates import computed
from licensing.use_cases.tariffs import rule_set
from smartcity.http import Actor
from smartcity.service import create_app
from smartcity.storage import migrate
from smartcity.testing import postgres
from smartcity.testing.plans import buffers, plan
from smartcity.testing.tokens import Issuer

ROWS, FAR, PAGE, TURNS, SECONDS = 1_000_000, 1000, 200, 50, 3.0
HOUSE: dict[str, Any] = {
    "fungsi": "hunian_besar", "kompleksitas": "tidak_sederhana", "permanensi": "permanen", "jumlah_lantai": 3, "luas_lantai_m2": Decimal(240),
    "lapis_basemen": 1, "luas_basemen_m2": Decimal(70), "kepemilikan": "perorangan_badan_usaha", "jenis_pekerjaan": "baru",
    "prasarana": [{"nama": "Pagar", "volume": Decimal(60)}], "keringanan": [{"kode": "bangunan-gedung-hijau"}],
}  # fmt: skip
"""A house with a basement, a fence and relief, by the city's tariff: more than most need."""
OFFICER = Actor("sri", frozenset({"officer"}), office="DPMPTSP")


def estimates() -> float:
    """Estimates in a second of processor time, every step written down."""
    rules, day, count = rule_set("pp-16-2021"), date(2026, 2, 10), 0
    begun = time.process_time()
    while (took := time.process_time() - begun) < SECONDS:
        computed(rules, HOUSE, day)
        count += 1
    return count / took


def pages(database_url: str) -> tuple[float, float]:
    """Milliseconds of page 1 and of page 1000."""
    issuer = Issuer()
    client = create_app(SERVICE, config(SERVICE, database_url, "embedded:///dev/null"), issuer.verifier()).test_client()
    asked = partial(_page, client, {"Authorization": f"Bearer {issuer.token(OFFICER.sub, 'officer', office=OFFICER.office)}"})
    cursor = ""
    for _ in range(FAR - 1):
        cursor = f"&cursor={asked(cursor)['next']}"
    turns = [(_milliseconds(partial(asked, "")), _milliseconds(partial(asked, cursor))) for _ in range(TURNS)]
    return statistics.median(first for first, _ in turns), statistics.median(far for _, far in turns)


def _page(client: FlaskClient, headers: dict[str, str], cursor: str) -> dict[str, Any]:
    answer = client.get(f"/v1/permit-applications?limit={PAGE}{cursor}", headers=headers)
    if answer.status_code != 200 or len(answer.json["items"]) != PAGE:
        raise RuntimeError(f"no page: {answer.status}")
    return dict(answer.json)


def _milliseconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun)


def blocks(database_url: str) -> tuple[int, int]:
    """Blocks that page 1 and page 1000 read."""
    query = listed(OFFICER, None, mine=False)[0].order_by(PermitApplication.id.desc())
    engine = sa.create_engine(database_url.replace("postgresql://", "postgresql+psycopg://"), poolclass=sa.NullPool)
    with Session(engine) as session:
        last: UUID = session.scalars(query.with_only_columns(PermitApplication.id).offset((FAR - 1) * PAGE - 1).limit(1)).one()
        after = query.where(sa.tuple_(PermitApplication.id) < sa.tuple_(sa.literal(last)))
        return buffers(plan(session, query.limit(PAGE + 1))), buffers(plan(session, after.limit(PAGE + 1)))


def figures() -> Measured:
    """The engine, then the million."""
    yield at_least("estimates a second of one core, every step written down", estimates(), 2000, "/s")
    with server() as server_url:
        url = postgres.create(server_url, "a_million")
        migrate.upgrade("licensing", url)
        begun = time.perf_counter()
        load(url, ROWS)
        yield Figure("a million applications and their permits loaded", time.perf_counter() - begun, "s")
        first, far = blocks(url)
        yield Figure("blocks read by page 1 of a million applications", first, "")
        yield at_most("blocks read by page 1000 / page 1", far / first, 1.2, "x")
        ((first_ms, far_ms),) = apart(partial(pages, url))
        yield Figure("page 1 of a million applications", first_ms, "ms")
        yield at_most("time of page 1000 / page 1", far_ms / first_ms, 1.2, "x")
