"""Where the figures are measured: both brokers, a PostgreSQL that writes durably, all private, on loopback, gone afterwards."""

import base64
import itertools
import multiprocessing
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pkgutil import resolve_name
from typing import Any

import kombu
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from benchmarks.figures import Figure, Skipped
from smartcity.events.broker import open_broker
from smartcity.events.broker.embedded import transport
from smartcity.events.relay import Relay
from smartcity.observability import configure_logs
from smartcity.service import Service, begin
from smartcity.settings import Settings, load
from smartcity.storage import kernel_schema
from smartcity.storage.transaction import Database
from smartcity.testing import postgres
from smartcity.testing.rabbitmq import NoRabbitMQ, private_node
from smartcity.work import Work

DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")
_names = itertools.count(1)
Measured = Iterator[Figure | Skipped]


@contextmanager
def server(*more: str) -> Iterator[str]:
    """The address of a PostgreSQL that waits for the disk, as in production."""
    with postgres.private_server(*DURABLE, *more) as url:
        yield url


def kernel_database(server_url: str, *more: str) -> str:
    """A new database with the kernel's tables, and what `more` says."""
    url = postgres.create(server_url, f"bench_{next(_names)}")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        kernel_schema.create_v1()
        kernel_schema.upgrade_v2()
        kernel_schema.upgrade_v3()
        kernel_schema.upgrade_v4()
        kernel_schema.upgrade_v5()
        for statement in more:
            connection.execute(sa.text(statement))
    return url


def on_both_brokers(measure: Callable[[str, str], Measured]) -> Measured:
    """`measure(name, address)` on the embedded broker, then on a RabbitMQ of its own."""
    with tempfile.TemporaryDirectory(prefix="smartcity-bench-") as folder:
        yield from measure("embedded", f"embedded://{folder}/bus.db")
    try:
        with private_node() as node:
            yield from measure("RabbitMQ", node.url)
    except NoRabbitMQ as error:
        yield Skipped("on RabbitMQ", str(error))


def purge(url: str, queue: str) -> None:
    """Empty a queue."""
    transport.register()
    with kombu.Connection(url) as connection:
        connection.default_channel.queue_purge(queue)


def until(true: Callable[[], object], seconds: float = 60.0, look: float = 0.01) -> float:
    """Poll, with a limit; answers when it became true."""
    end = time.perf_counter() + seconds
    while not true():
        if time.perf_counter() > end:
            raise TimeoutError(f"it did not become true within {seconds:.0f} s")
        time.sleep(look)
    return time.perf_counter()


def config(service: Service, database_url: str, broker_url: str, **extra: str) -> Settings:
    """Settings of a process under measurement."""
    key = base64.b64encode(bytes(range(32))).decode()
    environ = {
        "DATABASE_URL": database_url, "BROKER_URL": broker_url, "FILES_URL": f"file://{tempfile.gettempdir()}/smartcity-bench-files",
        "ISSUER_URL": "http://127.0.0.1/", "PUBLIC_URL": "http://127.0.0.1/", "SECRET_KEY": key, "DOCUMENT_KEY": key, "ENVIRONMENT": "test",
        "POOL_SIZE": "4",
    }  # fmt: skip
    return load(service.name, service.settings, {**environ, **extra}, service.options)


@contextmanager
def processes(*jobs: Callable[[], None]) -> Iterator[None]:
    """Each job in a new process of its own, its log thrown away, ended with the block."""
    spawn = multiprocessing.get_context("spawn")
    started = [spawn.Process(target=_silently, args=(job,), daemon=True) for job in jobs]
    for process in started:
        process.start()
    try:
        yield
    finally:
        for process in started:
            process.terminate()
            process.join()


def _silently(job: Callable[[], None]) -> None:
    """The log is written as in production, and nobody reads it."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    configure_logs("bench", "INFO")
    job()


def apart(*jobs: Callable[[], Any]) -> list[Any]:
    """What each job answers, each in a new process of its own, side by side."""
    spawn = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        lines = [spawn.Pipe(duplex=False) for _ in jobs]
        for job, (_, theirs) in zip(jobs, lines, strict=True):
            stack.enter_context(processes(partial(_answering, job, theirs)))
            theirs.close()
        return [mine.recv() for mine, _ in lines]


def _answering(job: Callable[[], Any], line: Any) -> None:
    line.send(job())


def relaying(database_url: str, broker_url: str) -> None:
    """A job: the relay of one service."""
    Relay(database_url, open_broker(broker_url)).run(threading.Event())


def hearing(place: str, database_url: str, broker_url: str, **extra: str) -> None:
    """A job: the consumer of the service at `place` (`licensing.service:SERVICE`), as its `work` process runs it."""
    service: Service = resolve_name(place)
    settings = config(service, database_url, broker_url, **extra)
    Work(service, settings, begin(service, settings) if service.apis else Database(database_url)).consume()
