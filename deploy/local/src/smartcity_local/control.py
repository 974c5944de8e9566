"""The launcher's door: one JSON line in, one JSON line out, over `.run/control`."""

import asyncio
import json
import os
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from smartcity_local.errors import CannotGoOn

Answering = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
NAME = "control"


@contextmanager
def _short(folder: Path) -> Iterator[str]:
    """The socket's path through a descriptor: a deep clone's own path is longer than a socket's may be (107 bytes)."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{NAME}"
    finally:
        os.close(descriptor)


async def serve(folder: Path, answering: Answering) -> asyncio.Server:
    """Listen, owner only."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            if line := await reader.readline():
                try:
                    answer = await answering(json.loads(line))
                except CannotGoOn as sentence:
                    answer = {"error": str(sentence)}
                writer.write(json.dumps(answer).encode() + b"\n")
                await writer.drain()
        writer.close()

    (folder / NAME).unlink(missing_ok=True)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with _short(folder) as path:
        line.bind(path)
    os.chmod(folder / NAME, 0o600)
    return await asyncio.start_unix_server(talk, sock=line)


def ask(folder: Path, **request: Any) -> dict[str, Any]:
    """One question to the running launcher. Raises `CannotGoOn` where none runs, or with its refusal."""
    try:
        with _short(folder) as path, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(60)
            line.connect(path)
            line.sendall(json.dumps(request).encode() + b"\n")
            answer: dict[str, Any] = json.loads(line.makefile().readline() or '{"error": "The launcher ended while it was asked."}')
    except (FileNotFoundError, ConnectionRefusedError) as error:
        raise CannotGoOn("The suite of this clone is not running: `make run` starts it.") from error
    if "error" in answer:
        raise CannotGoOn(answer["error"])
    return answer
