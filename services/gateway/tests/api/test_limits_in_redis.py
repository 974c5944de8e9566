"""Limits in a real Redis: counted together, alone while it is away, together again when it is back."""

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from gateway.limits import Limits

START = Callable[[], "subprocess.Popen[bytes]"]


def answers(port: int) -> bool:
    with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)) as connection:
        connection.sendall(b"PING\r\n")
        return connection.recv(16) == b"+PONG\r\n"
    return False


@pytest.fixture
def redis(door: Any, tmp_path: Path) -> Iterator[tuple[str, START]]:
    """Its address, and how it is started."""
    if not (server := shutil.which("redis-server")):
        pytest.skip("no redis-server on this machine: limits in a real Redis are not tried")
    with closing(socket.create_server(("127.0.0.1", 0))) as held:
        port = int(held.getsockname()[1])
    started: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        call = [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(tmp_path)]
        started.append(subprocess.Popen(call, stdout=subprocess.DEVNULL))
        door.until(lambda: answers(port))
        return started[-1]

    yield f"redis://127.0.0.1:{port}", start
    for one in started:
        one.kill()
        one.wait()


def test_doors_count_together_in_redis_alone_without_it_and_together_again(
    redis: tuple[str, START], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.limits.time.time", lambda: 60_000.0)
    monkeypatch.setattr("gateway.limits.ALONE_FOR", 0.0)
    url, start = redis
    here, there = (Limits(url, {"api": 9}) for _ in range(2))
    server = start()
    assert [here.ask("api", "budi").used, there.ask("api", "budi").used, here.ask("api", "siti").used] == [1, 2, 1]
    server.kill()
    server.wait()
    assert [here.ask("api", "budi").used, here.ask("api", "budi").used, there.ask("api", "budi").used] == [1, 2, 1]
    start()
    assert [here.ask("api", "budi").used, there.ask("api", "budi").used] == [1, 2], (
        "a new Redis knows nothing, and has forgotten the script too"
    )
