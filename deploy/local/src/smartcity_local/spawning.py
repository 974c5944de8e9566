"""Two ways a process of the suite begins: by exec, or as a fork of a warm parent. Both give a `Child`."""

import asyncio
import itertools
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from smartcity_local.death import die_with_parent


class Child(Protocol):
    """A running process; its group has its pid."""

    pid: int

    async def wait(self) -> int:
        """Its exit code, when it has ended."""


@dataclass(frozen=True)
class Order:
    """What to start: a service's command, under a name, with its environment and its log."""

    name: str
    package: str
    command: str
    environ: Mapping[str, str]
    log: Path


FRUGAL = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""glibc, whose memory many processes share here: what was freed goes back at once (a page's picture), at some milliseconds each."""


async def spawn(command: Sequence[str], environ: Mapping[str, str], log: Path, death: signal.Signals = signal.SIGTERM) -> Child:
    """Start `command` in a group of its own, so that Ctrl-C does not reach it; it dies with us."""
    with log.open("ab") as out:
        return await asyncio.create_subprocess_exec(
            *command,
            env={**environ, **FRUGAL},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            process_group=0,
            preexec_fn=partial(die_with_parent, death, os.getpid()),
        )


@dataclass
class Forked:
    """A child of a warm parent."""

    pid: int
    ended: "asyncio.Future[int]"

    async def wait(self) -> int:
        return await asyncio.shield(self.ended)


class Warm:
    """Our end of a warm parent: started when first needed, started again when it died (its children die with it)."""

    def __init__(self, kind: str, broker: str, log: Path) -> None:
        self.kind, self.broker, self.log = kind, broker, log
        self._numbers = itertools.count(1)
        self._asked: dict[int, asyncio.Future[Forked]] = {}
        self._alive: dict[int, Forked] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._starting = asyncio.Lock()
        self._reading: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def warm_up(self) -> None:
        """Start the parent, if it does not run; it imports while we do something else."""
        async with self._starting:
            if self._writer is None:
                await self._start()

    async def fork(self, order: Order) -> Child:
        """A new child that runs `order`. Raises `ConnectionError` when the parent died meanwhile."""
        await self.warm_up()
        number = next(self._numbers)
        answer = self._asked[number] = asyncio.get_running_loop().create_future()
        words = {"fork": number, "name": order.name, "package": order.package, "command": order.command, "log": str(order.log)}
        if self._writer is None:
            raise ConnectionError("the warm parent ended")
        self._writer.write(json.dumps({**words, "environ": dict(order.environ)}).encode() + b"\n")
        return await answer

    async def stop(self) -> None:
        """Let the parent end; its children have ended before."""
        if self._writer is not None:
            self._writer.close()
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.terminate()
            await self._process.wait()
        if self._reading is not None:
            self._reading.cancel()

    async def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with self.log.open("ab") as out:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "smartcity_local.warm_parent", self.kind, str(theirs.fileno()), self.broker, env={**os.environ, **FRUGAL},
                stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out, pass_fds=[theirs.fileno()], process_group=0,
                preexec_fn=partial(die_with_parent, signal.SIGTERM, os.getpid()),
            )  # fmt: skip
        theirs.close()
        reader, self._writer = await asyncio.open_connection(sock=ours)
        self._reading = asyncio.create_task(self._read(reader))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        with suppress(ConnectionError):
            while line := await reader.readline():
                self._hear(json.loads(line))
        self._writer = None
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(ConnectionError("the warm parent ended"))
        for child in self._alive.values():
            child.ended.set_result(-signal.SIGTERM)
        self._asked.clear()
        self._alive.clear()

    def _hear(self, words: dict[str, int]) -> None:
        if "forked" in words:
            child = Forked(words["pid"], asyncio.get_running_loop().create_future())
            self._alive[child.pid] = child
            if (answer := self._asked.pop(words["forked"])).cancelled():  # who asked is being stopped
                os.kill(child.pid, signal.SIGKILL)
            else:
                answer.set_result(child)
        elif (ended := self._alive.pop(words["ended"], None)) is not None:
            ended.ended.set_result(words["code"])
