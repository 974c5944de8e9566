"""A suite under test: one clone's place, its own ports, and the real command."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psutil

from smartcity_local import control
from smartcity_local.errors import CannotGoOn
from smartcity_local.place import SPAN, Place
from smartcity_local.probes import check_free


def free_span() -> int:
    """A port with free room behind it, below those the system hands out by itself."""
    for first in random.sample(range(10_000, 32_000, SPAN), 50):
        with suppress(CannotGoOn):
            check_free(list(range(first, first + SPAN)), first)
            return first
    raise RuntimeError("no free ports")


@dataclass
class Suite:
    """A clone, and its command."""

    place: Place
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        """What the command is given: this clone, these ports, no server but what the place names."""
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_SERVER", "BROKER_URL")}
        place = {"SMARTCITY_ROOT": str(self.place.root), "PORT": str(self.place.port), "NO_COLOR": "1"}
        servers = {"DATABASE_SERVER": self.place.database_server, "BROKER_URL": self.place.broker}
        return {**kept, **place, **{name: url for name, url in servers.items() if url}, **self.more}

    def command(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """`smartcity <words>`, whatever comes of it."""
        call = [sys.executable, "-c", "from smartcity_local.cli import main; main()", *words]
        return subprocess.run(call, env={**self.environ, **more}, capture_output=True, text=True, timeout=120, check=False)

    def up(self, **more: str) -> None:
        done = self.command("up", "--detach", "--no-seed", **more)
        assert done.returncode == 0, done.stderr + done.stdout

    def status(self) -> dict[str, Any]:
        """What `smartcity status --json` prints, asked at the launcher's own door: the command takes a second to load, and tests poll."""
        return control.ask(self.place.run, do="status")

    def programs(self) -> dict[str, dict[str, Any]]:
        return {program["name"]: program for program in self.status()["programs"]}

    def tree(self) -> list[psutil.Process]:
        """The launcher and everything below it."""
        launcher = psutil.Process(self.status()["pid"])
        return [launcher, *launcher.children(recursive=True)]

    def secret(self, name: str) -> str:
        known: dict[str, str] = json.loads((self.place.run / "secrets").read_text())
        return known[name]


def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Poll, with a limit."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not become true in time"
        time.sleep(0.05)


def memory(processes: list[psutil.Process]) -> float:
    """Megabytes these hold together; a page that several share is counted once (PSS)."""
    much = 0
    for one in processes:
        with suppress(psutil.NoSuchProcess):
            much += one.memory_full_info().pss
    return much / 2**20


def all_gone(processes: list[psutil.Process]) -> bool:
    """Has each of these ended? A zombie that nobody has buried yet has."""
    return not any(_lives(one) for one in processes)


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:  # it ended between the two questions
        return False
