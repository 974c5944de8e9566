"""What the gateway adds to an answer at half load, what one service that is dead, hangs or is slow takes from the others, and how soon the dead one is said so.

The upstream answers at once from memory. Half load: as many requests a second as half of what the door carried just before, at even distances over
a few connections. The callers of the three sick services ask all the time; in turns with them as many ask a healthy one in the same manner, so that what is
compared is sickness and not the load of six callers more, and the median of the pairs counts. How it compares with no such callers at all stands beside it.
"""

import asyncio
import re
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any

from benchmarks.figures import Figure, at_most
from benchmarks.places import Measured

CONNECTIONS = 4
SICK = ("/v1/bills", "/v1/complaints", "/v1/certificates/x")
"""Dead, hanging and slow, by whose path is asked."""
HEALTHY = ("/v1/permits/0198c0de-0000-7000-8000-000000000000",) * 3
MOST_P50_MS, MOST_P99_MS, MOST_GROWN, MOST_REFUSED_MS = 0.7, 3.0, 1.1, 50
HANGS = """
import asyncio, sys
async def said(reader, writer):
    await reader.readuntil(b"\\r\\n\\r\\n")
    await asyncio.sleep(float(sys.argv[2]))
    writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\n{}")
    await writer.drain()
    writer.close()
async def main():
    await (await asyncio.start_server(said, "127.0.0.1", int(sys.argv[1]))).serve_forever()
asyncio.run(main())
"""


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes, status: int) -> None:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 %d " % status):
        raise SystemExit(head.decode())
    await reader.readexactly(int(re.findall(rb"(?i)content-length: (\d+)", head)[0]))


async def _timed(port: int, request: bytes, rate: float, seconds: float, status: int = 200) -> list[float]:
    """Milliseconds of each answer, which is a `status`, `rate` of them a second; as many as are answered where `rate` is 0."""
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def one(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        turn = time.perf_counter() + (number / rate if rate else 0)
        while (now := time.perf_counter()) < end:
            if rate and now < turn:
                await asyncio.sleep(turn - now)
            began = time.perf_counter()
            await _ask(reader, writer, request, status)
            took.append(1000 * (time.perf_counter() - began))
            turn = max(turn + CONNECTIONS / rate, time.perf_counter()) if rate else 0
        writer.close()

    await asyncio.gather(*(one(number) for number in range(CONNECTIONS)))
    return took


@asynccontextmanager
async def _asking(port: int, token: str, paths: Sequence[str]) -> Any:
    """Two callers each, all the time, whatever they hear."""

    async def one(path: str) -> None:
        request = f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        while True:
            with suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(request)
                await reader.read()
                writer.close()
            await asyncio.sleep(0.02)

    callers = [asyncio.create_task(one(path)) for path in [*paths] * 2]
    try:
        yield
    finally:
        for caller in callers:
            caller.cancel()
        await asyncio.gather(*callers, return_exceptions=True)


def _share(took: Sequence[float], percent: int) -> float:
    return statistics.quantiles(took, n=100, method="inclusive")[percent - 1]


async def added(door: int, upstream: int, request: bytes, seconds: float) -> tuple[float, float, float]:
    """What the door adds at half load in ms, at the median and at the 99th of a hundred; and the rate a second that was half."""
    half = len(await _timed(door, request, 0, seconds)) / seconds / 2
    through, straight = await _timed(door, request, half, 2 * seconds), await _timed(upstream, request, half, 2 * seconds)
    return _share(through, 50) - _share(straight, 50), _share(through, 99) - _share(straight, 99), half


async def grown(door: int, request: bytes, token: str, rate: float, seconds: float) -> tuple[float, float]:
    """The p99 of a healthy service while three sick ones are asked too, as a share of that while healthy ones are, and of that alone."""
    alone = _share(await _timed(door, request, rate, seconds), 99)
    async with _asking(door, token, HEALTHY):
        healthy = _share(await _timed(door, request, rate, seconds), 99)
    async with _asking(door, token, SICK):
        sick = _share(await _timed(door, request, rate, seconds), 99)
    return sick / healthy, sick / alone


@contextmanager
def sick_services(running: Any, free_port: Any) -> Iterator[dict[str, int]]:
    """Ports of a dead, a hanging and a slow service, by their names."""
    dead, hanging, slow = (free_port() for _ in range(3))
    with ExitStack() as stack:
        stack.enter_context(running([sys.executable, "-c", HANGS, str(hanging), "3600"], hanging))
        stack.enter_context(running([sys.executable, "-c", HANGS, str(slow), "1"], slow))
        yield {"finance-sts": dead, "complaints": hanging, "civil-registry": slow}


def figures(door: int, upstream: int, token: str, seconds: float = 2, rounds: int = 5) -> Measured:
    """Of a door in front of `upstream` and the sick ones."""
    request, of_the_dead = (
        f"GET {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n".encode() for path in (HEALTHY[0], SICK[0])
    )
    turns = [asyncio.run(added(door, upstream, request, seconds)) for _ in range(rounds)]
    p50, p99, half = (statistics.median(one) for one in zip(*turns, strict=True))
    yield at_most("gateway: added at half load, median", p50, MOST_P50_MS)
    yield at_most("gateway: added at half load, p99", p99, MOST_P99_MS)
    refused = [_share(asyncio.run(_timed(door, of_the_dead, half, seconds, 503)), 99) for _ in range(rounds)]
    yield at_most("gateway: 503 of a stopped service, p99", statistics.median(refused), MOST_REFUSED_MS)
    shares = [asyncio.run(grown(door, request, token, half, 2 * seconds)) for _ in range(rounds)]
    beside_healthy, beside_nobody = (statistics.median(one) for one in zip(*shares, strict=True))
    yield at_most("gateway: p99 of a service beside a dead, a hanging and a slow one", beside_healthy, MOST_GROWN, "x")
    yield Figure("gateway: the same as a share of that with nobody asking beside", beside_nobody, "x")
