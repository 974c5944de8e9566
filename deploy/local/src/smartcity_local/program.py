"""One process that is kept running: started, watched until it answers, started again with back-off, stopped."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from smartcity_local.errors import CannotGoOn
from smartcity_local.spawning import Child

FIRST_PAUSE, LONGEST_PAUSE, LONG_LIFE = 0.1, 10.0, 10.0
PROBE_EVERY = 0.05
Start = Callable[[Mapping[str, str]], Awaitable[Child]]


@dataclass
class Program:
    """How one process is started, asked whether it is ready, and stopped; and how it is now."""

    name: str
    service: str
    kind: str
    port: int
    begin: Start
    ready: Callable[[], Awaitable[bool]]
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 5.0
    wanted: bool = True
    state: str = "stopped"
    starts: int = 0
    since: float = 0.0
    last_code: int | None = None
    trouble: str = ""
    child: Child | None = None
    up: asyncio.Event = field(default_factory=asyncio.Event)
    _extra: dict[str, str] = field(default_factory=dict)
    _task: "asyncio.Task[None] | None" = None

    def start(self, extra: Mapping[str, str] | None = None) -> None:
        """Keep it running from now on; `extra` is added to the environment of its next start alone."""
        self.wanted = True
        self._extra = dict(extra or {})
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """End it and keep it ended; SIGKILL to its group after the grace."""
        self.wanted = False
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._end()
        self._turn("stopped")

    def kill(self, name: signal.Signals = signal.SIGKILL) -> bool:
        """Send a signal to the whole group; answers whether there was one."""
        if self.child is None:
            return False
        with suppress(ProcessLookupError):
            os.killpg(self.child.pid, name)
            return True
        return False

    def describe(self) -> dict[str, Any]:
        """For `smartcity status`."""
        return {
            "name": self.name, "service": self.service, "kind": self.kind, "port": self.port, "state": self.state,
            "pid": self.child.pid if self.child else None, "starts": self.starts, "last_code": self.last_code,
            "seconds": round(time.time() - self.since, 1) if self.since else None,
        }  # fmt: skip

    async def _keep(self) -> None:
        pause = FIRST_PAUSE
        while self.wanted:
            began = time.monotonic()
            try:
                await self._live_once()
            except OSError as error:  # also a warm parent that died under us
                self.last_code = error.errno or 1
            if time.monotonic() - began > LONG_LIFE:
                pause = FIRST_PAUSE
            self._turn("restarting")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _live_once(self) -> None:
        self._turn("starting")
        extra, self._extra = self._extra, {}
        self.starts += 1
        self.child = await self.begin(extra)
        probing = asyncio.create_task(self._wait_ready())
        try:
            self.last_code = await self.child.wait()
            self.child = None
        finally:
            probing.cancel()
            self.up.clear()

    async def _wait_ready(self) -> None:
        try:
            while not await self.ready():
                await asyncio.sleep(PROBE_EVERY)
        except CannotGoOn as sentence:
            self.trouble = str(sentence)
            return
        self._turn("ready")
        self.up.set()

    async def _end(self) -> None:
        child, self.child = self.child, None
        if child is None:
            return
        with suppress(ProcessLookupError):
            os.kill(child.pid, self.stop_signal)
        try:
            await asyncio.wait_for(child.wait(), self.grace)
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            await child.wait()

    def _turn(self, state: str) -> None:
        self.state, self.since = state, time.time()
