"""Where a clone keeps what it runs with, and the addresses that follow from one port."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from smartcity_local.errors import CannotGoOn

DEFAULT_PORT = 8080
SPAN = 64


@dataclass(frozen=True)
class Place:
    """One clone: its folder, its first port, and the servers it uses instead of its own, if any."""

    root: Path
    port: int = DEFAULT_PORT
    database_server: str = ""
    broker: str = ""

    @property
    def run(self) -> Path:
        """Everything that is kept: data, logs, secrets. `make clean` forgets it."""
        return self.root / ".run"

    @property
    def logs(self) -> Path:
        return self.run / "log"

    @property
    def clock_file(self) -> Path:
        return self.run / "clock"

    @property
    def retell_mark(self) -> Path:
        """While it is there, the next start tells every log again: the broker's bytes were not kept."""
        return self.run / "retell"

    @property
    def postgres_port(self) -> int:
        return self.port + 20

    @property
    def public_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def broker_url(self) -> str:
        return self.broker or f"embedded://{self.run / 'bus.db'}"

    def make(self) -> None:
        """Make the folders, readable by their owner alone."""
        for folder in (self.run, self.logs, self.run / "files"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def here(environ: Mapping[str, str] | None = None) -> Place:
    """The clone this command belongs to, with `PORT`, `DATABASE_SERVER` and `BROKER_URL` of the environment.

    Without `PORT`, the port it was last started with counts, so that `smartcity status` needs no repetition.
    """
    environ = os.environ if environ is None else environ
    root = Path(environ.get("SMARTCITY_ROOT") or Path(__file__).resolve().parents[4])
    given = environ.get("PORT") or _remembered(root)
    if not given.isdigit() or not 1024 <= int(given) <= 65535 - SPAN:
        raise CannotGoOn(f"PORT must be a whole number from 1024 to {65535 - SPAN}, it is {given!r}.")
    database, broker = environ.get("DATABASE_SERVER", ""), environ.get("BROKER_URL", "")
    if database and not database.startswith(("postgresql://", "postgres://")):
        raise CannotGoOn("DATABASE_SERVER must look like postgresql://user:password@host:port.")
    if broker and not broker.startswith(("amqp://", "amqps://")):
        raise CannotGoOn("BROKER_URL must look like amqp://user:password@host:port/.")
    return Place(root, int(given), database.rstrip("/"), broker)


def remember(place: Place) -> None:
    """Keep the port for the commands that come after."""
    (place.run / "port").write_text(str(place.port))


def _remembered(root: Path) -> str:
    try:
        return (root / ".run" / "port").read_text() or str(DEFAULT_PORT)
    except OSError:
        return str(DEFAULT_PORT)
