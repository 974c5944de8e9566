"""The embedded broker in figures: publishing, delivering, waiting; each beside kombu's filesystem transport in the same run.

Bodies of 300 bytes; one publisher process, one consumer process; persistent on both sides. The ratios count, the absolute
figures belong to the machine. Latency is from before `send` to the call of the handler, one message at a time, at rest.
"""

import multiprocessing
import sqlite3
import statistics
import struct
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import kombu

from benchmarks.figures import Figure, at_least
from benchmarks.places import Measured
from smartcity.events.broker import Delivery, Outgoing, open_broker
from smartcity.events.topology import INTERNAL, topology_of

TOPOLOGY = topology_of("bench", [(INTERNAL, "bench.#")])
MESSAGES, BATCH = 5000, 500
LISTEN, PERIOD = 8.0, 0.0437
SETTLE = 2.0
_STAMP = struct.Struct("<d")


def outgoing(body: bytes = b"x" * 300) -> Outgoing:
    return Outgoing(INTERNAL, "bench.a.b.v1", "0198c0de-0000-7000-8000-000000000000", "bench", body)


def publish(url: str, messages: int, batch: int) -> float:
    """Messages a second."""
    publisher = open_broker(url).publisher()
    publisher.send([outgoing()])
    begin = time.perf_counter()
    for _ in range(messages // batch):
        publisher.send([outgoing()] * batch)
    took = time.perf_counter() - begin
    publisher.close()
    return messages / took


def raw_sqlite(folder: Path, messages: int) -> float:
    """The machine's own limit: one row a durable transaction."""
    db = sqlite3.connect(folder / "raw.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE row(id INTEGER PRIMARY KEY, body BLOB)")
    begin = time.perf_counter()
    for _ in range(messages):
        db.execute("INSERT INTO row(body) VALUES (?)", (b"x" * 300,))
    took = time.perf_counter() - begin
    db.close()
    return messages / took


def deliver(url: str, expected: int) -> float:
    """Deliveries a second from a backlog."""
    stop, count, begin = threading.Event(), 0, time.perf_counter()

    def take(delivery: Delivery) -> None:
        nonlocal count
        delivery.ack()
        count += 1
        if count == expected:
            stop.set()

    open_broker(url).consumer(TOPOLOGY.queue).run(take, stop)
    return expected / (time.perf_counter() - begin)


def _listen(url: str, seconds: float, pipe: Any) -> None:
    """Hear for a while; answer latencies in ms and the processor's share, both without the first moments of a new process."""
    stop, latencies, settled = threading.Event(), list[float](), time.monotonic() + SETTLE
    used: list[float] = []

    def take(delivery: Delivery) -> None:
        sent = _STAMP.unpack(delivery.body)[0]
        if sent > settled:
            latencies.append(1000 * (time.monotonic() - sent))
        delivery.ack()

    for at in (SETTLE, seconds):
        threading.Timer(at, lambda: used.append(time.process_time())).start()
    threading.Timer(seconds + 0.1, stop.set).start()
    open_broker(url).consumer(TOPOLOGY.queue).run(take, stop)
    pipe.send((latencies, (used[1] - used[0]) / (seconds - SETTLE)))


def listened(url: str, seconds: float, meanwhile: Callable[[], object]) -> tuple[list[float], float]:
    mine, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_listen, args=(url, seconds, theirs))
    process.start()
    theirs.close()
    while not mine.poll(PERIOD):
        meanwhile()
    heard: tuple[list[float], float] = mine.recv()
    process.join()
    return heard


def at_rest(url: str) -> list[float]:
    """Milliseconds from `send` to the handler, one message at a time."""
    publisher = open_broker(url).publisher()
    latencies, _ = listened(url, LISTEN, lambda: publisher.send([outgoing(_STAMP.pack(time.monotonic()))]))
    publisher.close()
    return latencies


def filesystem(folder: Path, messages: int) -> tuple[float, float]:
    """Published and delivered a second by kombu's filesystem transport."""
    for name in ("queue", "control"):
        (folder / name).mkdir()
    places = {"data_folder_in": folder / "queue", "data_folder_out": folder / "queue", "control_folder": folder / "control"}
    options = {**{name: str(place) for name, place in places.items()}, "polling_interval": 0.005}
    with kombu.Connection("filesystem://", transport_options=options) as connection:
        queue = kombu.Queue("bench", kombu.Exchange("bench", "topic"), "bench.#")
        producer, bound = connection.Producer(), queue(connection.default_channel)
        bound.declare()
        begin = time.perf_counter()
        for _ in range(messages):
            producer.publish(b"x" * 300, exchange="bench", routing_key="bench.a", content_type="application/data")
        published = messages / (time.perf_counter() - begin)
        begin = time.perf_counter()
        for _ in range(messages):
            bound.get().ack()
        return published, messages / (time.perf_counter() - begin)


def figures() -> Measured:
    """The embedded broker only: RabbitMQ has no stock transport beside it."""
    with tempfile.TemporaryDirectory(prefix="smartcity-bench-") as place:
        url = f"embedded://{place}/bus.db"
        open_broker(url).declare(TOPOLOGY)
        stock_out, stock_in = filesystem(Path(place), MESSAGES // 5)
        raw = raw_sqlite(Path(place), MESSAGES // 5)
        batched, single = publish(url, MESSAGES, BATCH), publish(url, MESSAGES // 5, 1)
        delivered = deliver(url, open_broker(url).depth(TOPOLOGY.queue))
        _, idle = listened(url, LISTEN, lambda: None)
        latencies = at_rest(url)
    cuts = statistics.quantiles(latencies, n=100)
    yield Figure("filesystem transport: publish", stock_out, "/s")
    yield Figure("filesystem transport: deliver", stock_in, "/s")
    yield Figure(f"embedded: publish, batches of {BATCH} as the relay sends them", batched, "/s")
    yield Figure("embedded: deliver, from a backlog", delivered, "/s")
    yield at_least("embedded: publish as the relay / filesystem transport", batched / stock_out, 5)
    yield at_least("embedded: deliver / filesystem transport", delivered / stock_in, 5)
    yield Figure("embedded: publish one durable message at a time / filesystem transport", single / stock_out, "x")
    yield Figure("embedded: publish one at a time / raw durable SQLite rows", single / raw, "x")
    yield Figure("embedded: send to handler at rest, p50", cuts[49], "ms")
    yield Figure("embedded: send to handler at rest, p99", cuts[98], "ms")
    yield Figure("embedded: an idle consumer's share of one processor", 100 * idle, "%")
