"""The bank's callbacks in figures: how many a second are answered through the gateway, and beside them one bare insert of a payment each.

A callback is a real one: carried by the gateway, its signature checked, credited with receipt, ledger and events in one durable commit, answered.
A bare insert is one row of the same table without its keys, committed durably, by as many connections. Gateway and finance-sts are one process each.
Bills and signed calls are made beforehand and not measured; the two are measured in turns on one PostgreSQL.
"""

import asyncio
import base64
import importlib.util
import re
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType

import httpx
import psycopg
import sqlalchemy as sa
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from benchmarks.figures import Figure
from benchmarks.gateway import free_port, running
from benchmarks.places import Measured, apart, config, server
from finance_sts.model.bill import Bill
from finance_sts.model.facts import Reference
from finance_sts.service import SERVICE
from finance_sts.use_cases import billing
from smartcity import clock
from smartcity.events.catalogue import contract
from smartcity.service import begin
from smartcity.storage import migrate, uuid7
from smartcity.testing import postgres

CONNECTIONS, ROUNDS, CALLS, WARM_UP = 8, 3, 200, 50
TOTAL = 346_680
CHARGE = dict(contract("licensing.retribution.assessed.v1").example["charge"])  # type: ignore[index]
SECRET, KEY = "bench", base64.b64encode(bytes(range(32))).decode()
BARE = "CREATE TABLE bare AS SELECT * FROM payment LIMIT 1"
INSERT = "INSERT INTO bare SELECT (x).* FROM (SELECT b AS x FROM bare b LIMIT 1) one"


def simulator() -> ModuleType:
    """`examples/bank.py`, which is a program of its own."""
    path = Path(__file__).resolve().parents[1] / "examples" / "bank.py"
    spec = importlib.util.spec_from_file_location("smartcity_example_bank", path)
    assert spec and spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def door(database_url: str, public_key: str) -> Iterator[int]:
    """The gateway in front of finance-sts, as they run: its port."""
    web, port = free_port(), free_port()
    common = {"PUBLIC_URL": "http://127.0.0.1/", "ISSUER_URL": "http://127.0.0.1/"}
    treasury = {
        **common, "PORT": str(web), "DATABASE_URL": database_url, "BROKER_URL": "embedded:///dev/null", "FILES_URL": "file:///nowhere",
        "SECRET_KEY": KEY, "DOCUMENT_KEY": KEY, "ENVIRONMENT": "test", "POOL_SIZE": "4", "SNAP_CLIENT_SECRET": SECRET, "SNAP_PUBLIC_KEY": public_key,
    }  # fmt: skip
    gateway = {
        **common, "PORT": str(port), "METRICS_PORT": str(free_port()), "UPSTREAMS": f"finance-sts=http://127.0.0.1:{web}",
        "LIMITS_PER_MINUTE": "partner=1000000000",
    }  # fmt: skip
    with (
        running([sys.executable, "-m", "finance_sts", "web"], web, **treasury),
        running([sys.executable, "-m", "gateway", "web"], port, **gateway),
    ):
        yield port


def billed(database_url: str, count: int) -> list[str]:
    """The virtual accounts of this many bills of their own."""
    migrate.upgrade(SERVICE.package, database_url)
    database = begin(SERVICE, config(SERVICE, database_url, "embedded:///dev/null", SNAP_CLIENT_SECRET=SECRET, SNAP_PUBLIC_KEY="none"))
    payer, heads = billing.Payer("budi", "Budi Siregar", "Jalan Sei Deli 12"), [(CHARGE["heads"][0]["account_code"], TOTAL)]
    with database.transaction() as session:
        for _ in range(count):
            reference = Reference("licensing", "permit_application", uuid7())
            billing.charge_assessed(session, billing.Assessed(reference, payer, heads, TOTAL, CHARGE["due_rule"], 1), clock.now())
        session.flush()
        return list(session.scalars(sa.select(Bill.virtual_account_no)))


def calls(port: int, private_key: str, accounts: Sequence[str]) -> list[bytes]:
    """A signed callback for each virtual account, as it travels."""
    bank = simulator()
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
        one = bank.Bank.signed_in(http, SECRET, private_key)
    made = []
    for account in accounts:
        body, at = bank.callback(account, TOTAL, uuid7().hex), bank.moment()
        headers = {
            "Host": "a", "Content-Type": "application/json", "Content-Length": len(body), "Authorization": f"Bearer {one.token}", "X-TIMESTAMP": at,
            "X-SIGNATURE": bank.signature(SECRET, one.token, body, at), "X-PARTNER-ID": bank.PARTNER_ID, "X-EXTERNAL-ID": bank.new_external_id(),
            "CHANNEL-ID": bank.CHANNEL_ID,
        }  # fmt: skip
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        made.append(f"POST {bank.PATH} HTTP/1.1\r\n{head}\r\n".encode() + body)
    return made


async def told(port: int, requests: Sequence[bytes]) -> float:
    """Callbacks a second; one that is not credited stops the benchmark."""
    left = iter(requests)

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in left:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(int(re.findall(rb"(?i)Content-Length: (\d+)", head)[0]))
            if b'"2002500"' not in body:
                raise SystemExit(f"not credited: {body!r}")
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return len(requests) / (time.perf_counter() - begun)


def inserted(database_url: str, count: int) -> float:
    """Bare inserts a second, each its own durable commit."""

    def writes(start: threading.Barrier) -> None:
        with psycopg.connect(database_url, autocommit=True) as db:
            db.execute(INSERT)
            start.wait()
            for _ in range(count // CONNECTIONS):
                db.execute(INSERT)

    start = threading.Barrier(CONNECTIONS + 1)
    threads = [threading.Thread(target=writes, args=(start,)) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    start.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    return count / (time.perf_counter() - begun)


def figures() -> Measured:
    """In turns; medians."""
    key = generate_private_key(65537, 2048)
    private = base64.b64encode(key.private_bytes(form.Encoding.DER, form.PrivateFormat.PKCS8, form.NoEncryption())).decode()
    public = base64.b64encode(key.public_key().public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)).decode()
    with ExitStack() as stack:
        server_url = stack.enter_context(server())
        url = postgres.create(server_url, "callbacks")
        (accounts,) = apart(partial(billed, url, WARM_UP + ROUNDS * CALLS))
        port = stack.enter_context(door(url, public))
        asyncio.run(told(port, calls(port, private, accounts[:WARM_UP])))
        with psycopg.connect(url) as db:
            db.execute(BARE)
        callbacks, bare = list[float](), list[float]()
        for first in range(WARM_UP, len(accounts), CALLS):
            callbacks.append(asyncio.run(told(port, calls(port, private, accounts[first : first + CALLS]))))
            (one,) = apart(partial(inserted, url, 4 * CALLS))
            bare.append(one)
        yield Figure("callbacks through the gateway, each credited with receipt and ledger", statistics.median(callbacks), "/s")
        yield Figure("bare inserts of a payment, a durable commit each", statistics.median(bare), "/s")
        yield Figure("callbacks / bare inserts", statistics.median(a / b for a, b in zip(callbacks, bare, strict=True)), "x")
