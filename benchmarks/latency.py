"""From a commit to the commit of its effect in another service, one event at a time, everybody else at rest.

PostgreSQL says when each of the two was committed (`track_commit_timestamp`), before it waits for the disk: the telling commit's
own wait counts, the effect's does not. Relay and consumer are processes of their own; the handler makes one insert and has its own commit.
"""

import random
import statistics
import time
from functools import partial
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.figures import Figure, at_most
from benchmarks.places import Measured, hearing, kernel_database, on_both_brokers, processes, relaying, server, until
from benchmarks.relay import EFFECT, HEARD, QUEUE, log, told
from smartcity.events import Heard
from smartcity.events.broker import open_broker
from smartcity.events.topology import INTERNAL, topology_of
from smartcity.service import Service

EVENTS, WAKING, SEED = 200, 20, 20260
REST = 0.06
_KEEP = sa.text("INSERT INTO effect VALUES (:id, :total)")
_EFFECT_AT = "SELECT extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 FROM effect WHERE id = %s"
_TOLD_AT = "SELECT extract(epoch FROM pg_xact_commit_timestamp(%s::xid))::float8"


def keep_total(session: Session, event: Heard, now: Any) -> None:
    """One insert."""
    session.execute(_KEEP, {"id": event.id, "total": event.data["total"]})


BENCH = Service("bench", "bench", "Figures", (), {}, hears={HEARD: keep_total})


def latencies(server_url: str, broker_url: str) -> list[float]:
    """Milliseconds, in the order they were measured; the first ones, while everybody wakes up, are left out."""
    teller, hearer = kernel_database(server_url), kernel_database(server_url, EFFECT)
    jobs = partial(relaying, teller, broker_url), partial(hearing, "benchmarks.latency:BENCH", hearer, broker_url)
    chance, told_in = random.Random(SEED), dict[str, str]()
    with processes(*jobs), psycopg.connect(teller, autocommit=True) as log_db, psycopg.connect(hearer, autocommit=True) as db:
        for event in told(EVENTS + WAKING, 1):
            with log_db.transaction():
                log(log_db, [event])
                told_in[str(event[2].id)] = _one(log_db, "SELECT pg_current_xact_id()::xid::text")
            if len(told_in) <= WAKING:
                until(lambda: _one(db, "SELECT count(*) FROM effect") == len(told_in))
            time.sleep(REST + chance.random() * REST)
        until(lambda: _one(db, "SELECT count(*) FROM effect") == len(told_in))
        spans = [_one(db, _EFFECT_AT, ident) - _one(log_db, _TOLD_AT, xid) for ident, xid in told_in.items()]
    return [1000 * span for span in spans[WAKING:]]


def _one(db: psycopg.Connection[Any], query: str, *values: str) -> Any:
    return db.execute(query, values).fetchone()[0]  # type: ignore[index]


def figures() -> Measured:
    """On both brokers."""
    with server("track_commit_timestamp=on") as server_url:

        def measure(name: str, broker_url: str) -> Measured:
            open_broker(broker_url).declare(topology_of("bench", [(INTERNAL, HEARD)]))
            assert open_broker(broker_url).depth(QUEUE) == 0
            cuts = statistics.quantiles(latencies(server_url, broker_url), n=100)
            yield Figure(f"{name}: commit to effect at rest, events measured", EVENTS, "")
            yield at_most(f"{name}: commit to effect at rest, p50", cuts[49], 10.0)
            yield at_most(f"{name}: commit to effect at rest, p99", cuts[98], 30.0)

        yield from on_both_brokers(measure)
