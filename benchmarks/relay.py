"""The relay on a backlog, beside publishing alone; and the relay with a batch inbox behind it. Same payloads, same broker, same run.

Each round publishes, relays, and relays with a consumer in another process; the medians of the rounds' ratios count.
"""

import hashlib
import json
import statistics
import time
from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks import raw
from benchmarks.figures import Figure, at_least
from benchmarks.places import Measured, hearing, kernel_database, on_both_brokers, processes, purge, relaying, server, until
from smartcity import clock
from smartcity.context import Context
from smartcity.events import Event, Heard, batch
from smartcity.events.broker import Outgoing, open_broker
from smartcity.events.catalogue import contract
from smartcity.events.envelope import CONTENT_TYPE, PREFIX, Sealed, seal
from smartcity.events.relay import Relay
from smartcity.events.topology import INTERNAL, queue_of, topology_of
from smartcity.service import Service
from smartcity.storage.entity import uuid7

HEARD = "finance-sts.bill.paid.v1"
QUEUE = queue_of("bench")
MESSAGES, SUBJECTS, ROUNDS = 20_000, 50, 3
WARM_UP = 5_000
"""Events before the backlog that counts: connections made, statements prepared, as in a process that has run for a minute."""
LONGEST = 25.0
"""Seconds after which no further round begins."""
EFFECT = "CREATE TABLE effect (id text PRIMARY KEY, total bigint NOT NULL)"
_LOG = "COPY event_log (id, subject, sequence, type, audience, time, body, sha256, unheard) FROM STDIN"
_KEEP = sa.text("INSERT INTO effect SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS e(id text, total bigint)")


@batch
def keep_total(session: Session, events: Sequence[Heard], now: Any) -> None:
    """The one-insert handler: of each event its id and the sum."""
    session.execute(_KEEP, {"rows": json.dumps([{"id": event.id, "total": event.data["total"]} for event in events])})


BENCH = Service("bench", "bench", "Figures", (), {}, hears={HEARD: keep_total})


def told(count: int, first: int) -> list[tuple[UUID, int, Sealed]]:
    """Events of a few subjects in turn, really sealed: subject, sequence, bytes."""
    data, subjects = dict(contract(HEARD).example or {}), [uuid7() for _ in range(SUBJECTS)]
    numbered = [(subjects[number % SUBJECTS], first + number // SUBJECTS) for number in range(count)]
    return [(subject, sequence, seal(Event(HEARD, subject, data), sequence, Context(), clock.now())) for subject, sequence in numbered]


def log(db: psycopg.Connection[Any], events: Sequence[tuple[UUID, int, Sealed]]) -> None:
    """All into the event log in one commit, which wakes the relay."""
    with db.transaction(), db.cursor() as cursor:
        with cursor.copy(_LOG) as copy:
            for subject, sequence, sealed in events:
                digest = hashlib.sha256(sealed.body).digest()
                copy.write_row((sealed.id, str(subject), sequence, HEARD, sealed.audience, clock.now(), sealed.body, digest, False))


def published(broker_url: str, count: int) -> float:
    """Raw: messages a second."""
    headers = {"content_type": CONTENT_TYPE}
    batch = [Outgoing(INTERNAL, HEARD, str(sealed.id), PREFIX + HEARD, sealed.body, headers) for _, _, sealed in told(count, 1)]
    return raw.publish(broker_url, batch)


def relayed(database_url: str, broker_url: str, count: int) -> float:
    """The relay alone: events a second."""
    relay, publisher = Relay(database_url, open_broker(broker_url)), open_broker(broker_url).publisher()
    with psycopg.connect(database_url, autocommit=True) as db:
        for warm_up, number in ((True, 1), (False, count)):
            log(db, told(number, 1))
            db.execute("VACUUM ANALYZE event_log, event_unsent")
            begin = time.perf_counter()
            while relay.send_batch(db, publisher):
                pass
            took = time.perf_counter() - begin
            assert warm_up or db.execute("SELECT count(*) FROM event_unsent").fetchone() == (0,)
    publisher.close()
    return count / took


def heard(teller: str, hearer: str, broker_url: str, count: int) -> float:
    """Relay, broker, inbox and effect: events a second from the backlog's commit to the last effect."""
    jobs = partial(relaying, teller, broker_url), partial(hearing, "benchmarks.relay:BENCH", hearer, broker_url)
    with processes(*jobs), psycopg.connect(teller, autocommit=True) as log_db, psycopg.connect(hearer, autocommit=True) as db:
        log(log_db, told(WARM_UP, 1))
        until(lambda: _effects(db) == WARM_UP)
        events = told(count, 1)
        log(log_db, events)
        begin = time.perf_counter()
        return count / (until(lambda: _effects(db) == WARM_UP + count, look=0.02) - begin)


def _effects(db: psycopg.Connection[Any]) -> int:
    return int(db.execute("SELECT count(*) FROM effect").fetchone()[0])  # type: ignore[index]


def _round(server_url: str, broker_url: str) -> tuple[float, float, float]:
    fast = published(broker_url, MESSAGES)
    purge(broker_url, QUEUE)
    alone = relayed(kernel_database(server_url), broker_url, MESSAGES)
    purge(broker_url, QUEUE)
    return fast, alone, heard(kernel_database(server_url), kernel_database(server_url, EFFECT), broker_url, MESSAGES)


def figures() -> Measured:
    """On both brokers."""
    with server() as server_url:

        def measure(name: str, broker_url: str) -> Measured:
            open_broker(broker_url).declare(topology_of("bench", [(INTERNAL, HEARD)]))
            rounds, end = [_round(server_url, broker_url)], time.monotonic() + LONGEST
            while len(rounds) < ROUNDS and time.monotonic() < end:
                rounds.append(_round(server_url, broker_url))
            yield Figure(f"{name}: raw pipelined confirmed publishing", statistics.median(fast for fast, _, _ in rounds), "/s")
            yield Figure(f"{name}: relay alone", statistics.median(alone for _, alone, _ in rounds), "/s")
            yield Figure(f"{name}: relay and batch inbox", statistics.median(both for _, _, both in rounds), "/s")
            yield at_least(f"{name}: relay alone / raw", statistics.median(alone / fast for fast, alone, _ in rounds), 0.5)
            yield at_least(f"{name}: relay and batch inbox / raw", statistics.median(both / fast for fast, _, both in rounds), 0.3)

        yield from on_both_brokers(measure)
