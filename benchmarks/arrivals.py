"""Somebody comes whether the one before is served or not: so many a second, step by step, and how soon answers are as quick again after a rush."""

import asyncio
import json
import re
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

WINDOW, LONGEST, PATIENCE = 8.0, 60.0, 30.0
"""Seconds: what one looks back over, how long a calm step may last, and when a caller gives up."""
BACK = 1.2
LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)")
ETAG = re.compile(rb"(?i)\r\netag: ([^\r]+)")


class NotServed(Exception):
    """An answer that was none, or not 2xx."""


@dataclass
class Doors:
    """Processes that answer alike, asked in turns over connections that are kept."""

    ports: Sequence[int]
    took: list[tuple[float, float]] = field(default_factory=list)
    """When an answer had come, and how long it took, in seconds."""
    refused: list[str] = field(default_factory=list)
    _idle: dict[int, list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]] = field(default_factory=dict)
    _turn: int = 0

    async def ask(self, request: bytes) -> tuple[str, dict[str, Any]]:
        """ETag and body of the answer. Raises `NotServed`."""
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                head, body = await self._answer(request)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            self.refused.append(repr(error))
            raise NotServed from None
        now = time.perf_counter()
        self.took.append((now, now - began))
        if not head.startswith(b"HTTP/1.1 2"):
            self.refused.append((head.split(b"\r\n")[0] + b" " + body[:200]).decode())
            raise NotServed
        etag = ETAG.search(head)
        return etag[1].decode() if etag else "", json.loads(body or b"{}")

    async def _answer(self, request: bytes) -> tuple[bytes, bytes]:
        self._turn += 1
        port = self.ports[self._turn % len(self.ports)]
        idle = self._idle.setdefault(port, [])
        reader, writer = idle.pop() if idle else await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        body = await reader.readexactly(int(length[1]) if length else 0)
        idle.append((reader, writer))
        return head, body

    def p95(self, since: float, until: float) -> float:
        """Milliseconds within which nineteen of twenty answers came that came in that time; endless where there were fewer than twenty."""
        found = [took for at, took in self.took if since <= at < until]
        return 1000 * statistics.quantiles(found, n=20)[-1] if len(found) >= 20 else float("inf")


def request(method: str, path: str, token: str, body: Any = None, **headers: str) -> bytes:
    """A request as it travels."""
    content = b"" if body is None else json.dumps(body).encode()
    lines = {"Host": "a", "Authorization": f"Bearer {token}", "Content-Type": "application/json", "Content-Length": str(len(content))}
    said = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in (lines | headers).items())
    return f"{method} {path} HTTP/1.1\r\n{said}\r\n".encode() + content


@dataclass
class Arrivals:
    """Who comes, each a `visit`; who was let down is counted and comes no more."""

    doors: Doors
    visit: Callable[[Doors, int], Awaitable[None]]
    came: int = 0
    served: list[float] = field(default_factory=list)
    _here: set[asyncio.Task[None]] = field(default_factory=set)

    async def step(self, rate: float, seconds: float, enough: Callable[[float], bool] = lambda began: False) -> float:
        """`rate` of them a second, evenly, for so many seconds or until it is `enough`; answers when it began."""
        began = time.perf_counter()
        for number in range(int(rate * seconds)):
            if (left := began + number / rate - time.perf_counter()) > 0:
                await asyncio.sleep(left)
            if enough(began):
                break
            self._come()
        return began

    async def calm(self, rate: float, usual: float) -> float:
        """A step until the p95 of the window behind is at most a fifth above `usual`; answers after how many seconds, endless where it never was."""

        def back(began: float) -> bool:
            now = time.perf_counter()
            return now - began > WINDOW / 2 and self.doors.p95(max(began, now - WINDOW), now) <= BACK * usual

        began = await self.step(rate, LONGEST, back)
        return time.perf_counter() - began if back(began) else float("inf")

    async def leave(self) -> None:
        """Wait until nobody is here any more."""
        while self._here:
            await asyncio.wait(self._here)

    def _come(self) -> None:
        task = asyncio.create_task(self._visited(self.came))
        self.came += 1
        self._here.add(task)
        task.add_done_callback(self._here.discard)

    async def _visited(self, number: int) -> None:
        try:
            await self.visit(self.doors, number)
            self.served.append(time.perf_counter())
        except NotServed:
            pass
