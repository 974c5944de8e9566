"""The bank's side of a day: statements, as files, and its calls."""

import base64
import importlib.util
import io
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives import serialization as form
from werkzeug.test import TestResponse

from finance_sts.use_cases import bank_questions
from smartcity.settings import Settings
from smartcity.testing.postgres import free_port
from smartcity.testing.stand_in import serving

SIMULATOR = Path(__file__).parents[4] / "examples" / "bank.py"
RECEIPTS, CITY = "1270100000002", "1270100000001"


@dataclass
class Bank:
    """What the bank says of the city's accounts, and who brings it to the treasury."""

    treasury: Any
    run_due: Callable[..., list[str]]
    balances: dict[str, int] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: count(1))

    def file(self, day: date, lines: Sequence[tuple[int, str]], account: str = RECEIPTS, value: date | None = None) -> bytes:
        """An MT940 of a day; each line is an amount, negative what went out, and a narrative."""
        opening = self.balances.get(account, 1_000_000)
        self.balances[account] = closing = opening + sum(amount for amount, _ in lines)
        head = f":20:S{next(self.numbers)}\n:25:{account}\n:28C:1/1\n:60F:C{day:%y%m%d}IDR{opening},\n"
        moves = "".join(
            f":61:{value or day:%y%m%d}{day:%m%d}{'C' if amount > 0 else 'D'}{abs(amount)},NTRFNONREF\n:86:{text}\n"
            for amount, text in lines
        )
        return f"{head}{moves}:62F:C{day:%y%m%d}IDR{closing},\n-\n".encode()

    def send(self, content: bytes, who: dict[str, str] | None = None, name: str = "statement.sta", **form: str) -> TestResponse:
        body = {"file": (io.BytesIO(content), name), **form}
        return self.treasury.client.post("/v1/bank-statements", data=body, headers={**(who or self.clerk()), **self.treasury.key()})

    def tells(self, *told: Any, **more: Any) -> dict[str, Any]:
        """A statement is loaded and compared."""
        answer = self.send(self.file(*told, **more))
        assert answer.status_code == 201, answer.json
        assert set(self.run_due()) <= {"done"}
        return dict(answer.json)

    def clerk(self) -> dict[str, str]:
        return self.treasury.as_("bendahara-umum", "treasurer", office="BKAD")

    def get(self, path: str) -> Any:
        return self.treasury.client.get(f"/v1/{path}", headers=self.treasury.head())

    def days(self) -> list[dict[str, Any]]:
        return list(self.get("reconciliations").json["items"])

    def findings(self, query: str = "") -> list[dict[str, Any]]:
        """Of all days, the oldest first."""
        return [one for day in reversed(self.days()) for one in self.get(f"reconciliations/{day['id']}/findings{query}").json["items"]]

    def outcomes(self) -> list[str]:
        return [one["outcome"] for one in self.findings()]


@pytest.fixture
def bank(treasury: Any, run_due: Any) -> Bank:
    return Bank(treasury, run_due)


def _waits(session: Any, other: Future[Any]) -> None:
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'")
    end = time.monotonic() + 30
    while not session.scalar(waiting):
        assert not other.done(), "it waited for nothing"
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def waits() -> Callable[[Any, Future[Any]], None]:
    """`waits(session, other)`: until the other waits for what this transaction holds."""
    return _waits


@pytest.fixture
def simulator() -> ModuleType:
    """`examples/bank.py`, which is a program of its own."""
    spec = importlib.util.spec_from_file_location("bank_example", SIMULATOR)
    assert spec and spec.loader
    found = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.fixture
def bank_key(bank_keys: list[Any]) -> str:
    """The bank's private key, as the simulator takes it."""
    coded = bank_keys[0].private_bytes(form.Encoding.DER, form.PrivateFormat.PKCS8, form.NoEncryption())
    return base64.b64encode(coded).decode()


def _asked_at(config: Settings, url: str, key: str) -> Settings:
    told = {"BANK_URL": url, "BANK_CLIENT_ID": "MEDAN", "BANK_CLIENT_SECRET": "ours", "BANK_PRIVATE_KEY": key}
    return replace(config, extra={**config.extra, **told})


@pytest.fixture
def bank_asked_at() -> Callable[[Settings, str, str], Settings]:
    """The settings with a bank to ask: at an address, with our private key."""
    return _asked_at


@pytest.fixture
def desk(app: Any, config: Settings, simulator: ModuleType, bank_keys: list[Any], bank_key: str) -> Iterator[Any]:
    """The bank's desk on a port of its own, named by the settings."""
    desk = simulator.Desk({}, "ours", bank_keys[0].public_key())
    with simulator.desk_at(0, desk) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        bank_questions.configure(_asked_at(config, f"http://127.0.0.1:{server.server_port}/snap", bank_key))
        yield desk
        bank_questions.configure(config)
        server.shutdown()


DYING = """
import os, signal, sys
import sqlalchemy as sa
from finance_sts.service import SERVICE
from smartcity.service import main
from smartcity.storage.transaction import Session
if len(sys.argv) > 1:
    sa.event.listen(Session, sys.argv[1], lambda *_: os.kill(os.getpid(), signal.SIGKILL))
main(SERVICE, ["web"])
"""


@pytest.fixture
def web(config: Settings, issuer: Any) -> Iterator[Callable[..., Any]]:
    """`with web(boundary) as (process, port)`: the service's `web` in a process of its own, which dies by SIGKILL at `boundary`, if one is said."""
    keys = json.dumps(issuer.jwks()).encode()

    with serving(lambda _: (200, keys)) as url:
        yield partial(_running, config, f"{url}/")


@contextmanager
def _running(config: Settings, keys_at: str, *boundary: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    environ = {
        "PATH": os.environ["PATH"], "PORT": str(port), "DATABASE_URL": config.database_url.replace("+psycopg", ""), "BROKER_URL": config.broker_url,
        "FILES_URL": config.files_url, "ISSUER_URL": config.issuer_url, "PUBLIC_URL": config.public_url, "ENVIRONMENT": "test", "JWKS_URL": keys_at,
        "SECRET_KEY": base64.b64encode(config.secret_key).decode(), "DOCUMENT_KEY": base64.b64encode(config.document_key).decode(), **config.extra,
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-c", DYING, *boundary], env=environ, stdout=subprocess.DEVNULL)
    try:
        _wait(process, port)
        yield process, port
    finally:
        process.kill()
        process.wait(10)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Until it listens; nothing is asked, because the first request that commits is its last."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, "it ended at its start"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise AssertionError("it does not listen")
