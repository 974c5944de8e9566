"""The gateway under test: a child process as production runs it, in front of real upstreams on loopback ports."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from gateway.routes import OF_SERVICE
from smartcity.testing.tokens import AUDIENCE, ISSUER, Issuer

Script = Callable[[Any], None]
SERVICES = tuple(OF_SERVICE)


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as held:
        return int(held.getsockname()[1])


@dataclass
class Heard:
    """One request as the upstream received it."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    size: int = 0
    body: bytes = b""
    whole: bool = False

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def one(self, name: str) -> str | None:
        values = self.all(name)
        assert len(values) < 2, (name, values)
        return values[0] if values else None


class Handler(BaseHTTPRequestHandler):
    """One connection to a stand-in."""

    protocol_version = "HTTP/1.1"
    heard: Heard

    @property
    def upstream(self) -> "Upstream":
        found: Upstream = self.server.upstream  # type: ignore[attr-defined]
        return found

    def setup(self) -> None:
        self.upstream.connections += 1
        self.upstream.open.add(self.request)
        super().setup()

    def log_message(self, *_: Any) -> None: ...

    def parts(self) -> Iterator[bytes]:
        """The body as it comes in."""
        left = int(self.headers.get("Content-Length") or 0)
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        while left > 0 and (part := self.rfile.read(min(65536, left))):
            left -= len(part)
            yield part
        if left:
            raise ConnectionError("the body ended early")

    def read(self) -> None:
        """Take the whole body, keeping its beginning."""
        for part in self.parts():
            self.heard.size += len(part)
            self.heard.body = (self.heard.body + part)[:1024]
        self.heard.whole = True

    def say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **named}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def begin_events(self) -> None:
        """The head of a stream of events, whose end only the end of the connection tells."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.close_connection = True

    def serve(self) -> None:
        self.heard = Heard(self.command, self.path, list(self.headers.items()))
        self.upstream.heard.append(self.heard)
        script = next((script for path, script in self.upstream.scripts.items() if self.path.startswith(path)), None)
        if script is not None:
            return script(self)
        self.read()
        self.say(200, json.dumps({"service": self.upstream.name, "target": self.path}).encode())

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = serve


class Server(ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, *_: Any) -> None:
        """The gateway may hang up on us; that is what some tests are for."""


class Upstream:
    """A service's stand-in: keeps what it heard, answers `{"service": …}` or what `scripts` say for a path's beginning."""

    def __init__(self, name: str) -> None:
        self.name, self.port, self.connections = name, 0, 0
        self.heard: list[Heard] = []
        self.scripts: dict[str, Script] = {}
        self.open: set[socket.socket] = set()
        self.start()

    def start(self) -> None:
        """Listen; again on the same port."""
        self._server = Server(("127.0.0.1", self.port), Handler)
        self._server.upstream = self  # type: ignore[attr-defined]
        self.port = int(self._server.server_port)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """As if killed: the port is closed, and so is every connection."""
        self._server.shutdown()
        self._server.server_close()
        for held in list(self.open):
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)
        self.open.clear()

    def fresh(self) -> None:
        self.heard.clear()
        self.scripts.clear()


@dataclass
class Said:
    """What the gateway answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Door:
    """The running gateway."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    more: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, method: str = "GET", body: Any = None, **headers: str) -> Said:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return Said(answer.status, answer.headers, answer.read())

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def raw(self, request: bytes) -> bytes:
        """Everything that comes back to somebody who sends this, and then no more."""
        said = b""
        with closing(self.connect()) as connection:
            try:
                connection.sendall(request)
                connection.shutdown(socket.SHUT_WR)
                while part := connection.recv(65536):
                    said += part
            except (ConnectionResetError, BrokenPipeError):
                pass
        return said

    @staticmethod
    def until(true: Callable[[], bool]) -> None:
        """Wait, at most 20 seconds, until it is `true`."""
        for _ in range(400):
            if true():
                return
            time.sleep(0.05)
        raise AssertionError("it did not come true")

    @property
    def worker(self) -> int:
        """The process that does the work, by its id."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return int(children[0])

    def memory(self) -> int:
        """Resident bytes of the worker."""
        return int(Path(f"/proc/{self.worker}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGQUIT)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def open_door(upstreams: dict[str, Upstream], log: Path, **settings: str) -> Door:
    port = free_port()
    environ = {
        "PATH": os.environ["PATH"], "PORT": str(port), "PUBLIC_URL": AUDIENCE, "ISSUER_URL": ISSUER, "CORS_ORIGINS": "https://portal.test",
        "JWKS_URL": f"http://127.0.0.1:{upstreams['identity'].port}/jwks", "METRICS_PORT": "0",
        "UPSTREAMS": ",".join(f"{name}=http://127.0.0.1:{upstream.port}" for name, upstream in upstreams.items()),
        "LIMITS_PER_MINUTE": "api=100000,anonymous=100000,sign-in=100000,partner=100000", **settings,
    }  # fmt: skip
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "gateway", "web"], env=environ, stdout=out, stderr=subprocess.STDOUT)
    door = Door(port, process, log, settings)
    for _ in range(600):
        try:
            if door.ask("/healthz").status == 200:
                return door
        except OSError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
    door.stop()
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def all_upstreams(issuer: Issuer) -> Iterator[dict[str, Upstream]]:
    made = {name: Upstream(name) for name in SERVICES}
    yield made
    for upstream in made.values():
        upstream.stop()


@pytest.fixture
def upstreams(all_upstreams: dict[str, Upstream], issuer: Issuer) -> dict[str, Upstream]:
    """Every service's stand-in by name, having heard nothing yet."""
    for upstream in all_upstreams.values():
        upstream.fresh()
    all_upstreams["identity"].scripts["/jwks"] = lambda handler: handler.say(200, json.dumps(issuer.jwks()).encode())
    return all_upstreams


@pytest.fixture(scope="session")
def shared_door(all_upstreams: dict[str, Upstream], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    door = open_door(all_upstreams, tmp_path_factory.mktemp("gateway") / "log")
    yield door
    door.stop()


@pytest.fixture
def door(shared_door: Door, upstreams: dict[str, Upstream]) -> Door:
    """The gateway with its usual settings, one for all tests."""
    return shared_door


@pytest.fixture
def a_door(upstreams: dict[str, Upstream], tmp_path: Path) -> Iterator[Callable[..., Door]]:
    """`a_door(NAME="value")`: a gateway of one's own, with other settings."""
    opened: list[Door] = []

    def make(**settings: str) -> Door:
        opened.append(open_door(upstreams, tmp_path / f"log{len(opened)}", **settings))
        return opened[-1]

    yield make
    for one in opened:
        one.stop()
