"""Whether something answers: HTTP by hand, so that asking costs next to nothing."""

import asyncio
import errno
import socket
from collections.abc import Awaitable, Callable

from smartcity_local.errors import CannotGoOn

Probe = Callable[[], Awaitable[bool]]


def http(port: int, path: str) -> Probe:
    """Does `path` on this port of 127.0.0.1 answer 200?"""

    async def probe() -> bool:
        try:
            async with asyncio.timeout(2):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                try:
                    writer.write(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
                    return b" 200 " in await reader.readline()
                finally:
                    writer.close()
        except (OSError, TimeoutError, ValueError):
            return False

    return probe


def check_free(ports: list[int], first: int) -> None:
    """Every port must be free; says which is not, and how to move all of them."""
    for port in ports:
        with socket.socket() as line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                line.bind(("127.0.0.1", port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                raise CannotGoOn(
                    f"Port {port} is taken by another program: `make run PORT={first + 1000}` moves the whole suite."
                ) from error
