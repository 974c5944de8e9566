"""The service is killed at each boundary of a payment's commit, in a process of its own; the bank repeats; it is credited exactly once."""

import base64
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import ModuleType
from typing import Any

import httpx
import pytest

from smartcity.settings import Settings
from smartcity.testing.postgres import free_port

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
CASH = "1.1.01.02.01.0001"


@contextmanager
def web(config: Settings, *boundary: str) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    """The service's `web` process, which dies by SIGKILL at `boundary`, and who calls it."""
    port = free_port()
    environ = {
        "PATH": os.environ["PATH"], "PORT": str(port), "DATABASE_URL": config.database_url.replace("+psycopg", ""), "BROKER_URL": config.broker_url,
        "FILES_URL": config.files_url, "ISSUER_URL": config.issuer_url, "PUBLIC_URL": config.public_url, "ENVIRONMENT": "test",
        "SECRET_KEY": base64.b64encode(config.secret_key).decode(), "DOCUMENT_KEY": base64.b64encode(config.document_key).decode(), **config.extra,
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-c", DYING, *boundary], env=environ, stdout=subprocess.DEVNULL)
    try:
        _wait(process, port)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            yield process, http
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


@pytest.mark.parametrize(
    ("boundary", "kept"),
    [("before_flush", False), ("after_flush", False), ("before_commit", False), ("after_commit", True)],
    ids=["nothing written", "written, not committed", "on the way to commit", "committed, not answered"],
)
def test_a_payment_whose_process_is_killed_is_credited_exactly_once(
    simulator: ModuleType, app: Any, config: Settings, treasury: Any, bank_key: str, boundary: str, kept: bool
) -> None:
    bill = treasury.a_bill(346680)
    told, external = simulator.callback(bill["virtual_account_no"], 346680, "r-1"), simulator.new_external_id()
    with httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://127.0.0.1") as http:
        bank = simulator.Bank.signed_in(http, "test-snap_client_secret", bank_key)
    with web(config, boundary) as (process, http):
        bank = replace(bank, http=http)
        with pytest.raises(httpx.TransportError):
            bank.send(told, external)
        assert process.wait(10) == -signal.SIGKILL
    assert treasury.balanced().get(CASH, 0) == (346680 if kept else 0)
    with web(config) as (_, http):
        bank = replace(bank, http=http)
        answers = [bank.send(told, external), bank.send(told, simulator.new_external_id())]
        known = bank.status(bill["virtual_account_no"], "r-1")
    assert [answer.json()["responseCode"] for answer in answers] == ["2002500"] * 2
    assert known.json()["responseCode"] == "2002600"
    assert len(treasury.told("finance-sts.bill.paid.v1")) == 1
    assert treasury.balanced()[CASH] == 346680
