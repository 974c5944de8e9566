"""The gateway in figures: beside nginx in front of the real `GET /v1/permits/{id}`, and its own processor time a request.

Token check, limits, metrics and the access log are on; the gateway is one worker, nginx is one worker, licensing is one process.
The two are asked in turns, and of the pairs' ratios the median counts, so that both meet the same moods of the machine. For the processor time the
upstream answers at once from memory; the user and system time of the gateway's worker is read from /proc, beside that of the
same gunicorn worker saying hello in the same run.
"""

import asyncio
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from benchmarks import gateway_latency
from benchmarks.figures import Figure, Skipped, at_least, at_most
from benchmarks.places import Measured
from smartcity.testing.tokens import Issuer
from smartcity_local import permit_story, sign_in
from smartcity_local.city import City
from smartcity_local.place import Place
from smartcity_local.suite import member
from smartcity_local.testing import Suite, free_span, until

ROOT = Path(__file__).resolve().parents[1]
SERVICES = ("gateway", "identity", "licensing", "finance-sts")
CONNECTIONS = 8
MOST_MS, MOST_IDLE_MB, LEAST_OF_NGINX = 0.5, 50, 0.9
NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log stderr crit;
events {{ worker_connections 2048; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s;
  upstream licensing {{ server 127.0.0.1:{upstream}; keepalive 64; }}
  server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://licensing; proxy_http_version 1.1; proxy_set_header Connection ""; }} }}
}}
"""
AT_ONCE = """
import asyncio, sys
BODY = b'{"id": "0198c0de-0000-7000-8000-000000000000", "number": "PBG/DPMPTSP/2027/000001", "status": "active"}'
HEAD = b"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nETag: \\"1\\"\\r\\nCache-Control: no-store\\r\\nContent-Length: %d\\r\\n\\r\\n"
class Says(asyncio.Protocol):
    def connection_made(self, transport): self.transport, self.held = transport, b""
    def data_received(self, data):
        *whole, self.held = (self.held + data).split(b"\\r\\n\\r\\n")
        self.transport.write((HEAD % len(BODY) + BODY) * len(whole))
async def main():
    await (await asyncio.get_running_loop().create_server(Says, "127.0.0.1", int(sys.argv[1]))).serve_forever()
asyncio.run(main())
"""
HELLO = """
from gevent import monkey
monkey.patch_all()
import sys
from smartcity.web import Server
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"hello"]
Server(app, int(sys.argv[1]), worker_class="gevent", worker_connections=2000, keepalive=10, threads=1).run()
"""


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as held:
        return int(held.getsockname()[1])


@contextmanager
def running(words: Sequence[str], port: int, **environ: str) -> Iterator[int]:
    """A server of our own on `port`, by its process id; ended with the block."""
    out = subprocess.DEVNULL
    process = subprocess.Popen(words, env={"PATH": os.environ["PATH"], **environ}, stdout=out, stderr=out)
    try:
        until(lambda: _listens(port))
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def _listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def gateway(jwks: str, public: str, licensing: int, **others: int) -> Iterator[tuple[int, int]]:
    """The gateway as it runs, in front of licensing at this port (and `others`): its port and its process id."""
    port = free_port()
    environ = {
        "PORT": str(port), "PUBLIC_URL": public, "ISSUER_URL": public, "JWKS_URL": jwks, "METRICS_PORT": str(free_port()),
        "UPSTREAMS": ",".join(f"{name}=http://127.0.0.1:{at}" for name, at in {"licensing": licensing, **others}.items()), "LIMITS_PER_MINUTE": "api=1000000000",
    }  # fmt: skip
    with running([sys.executable, "-m", "gateway", "web"], port, **environ) as pid:
        yield port, pid


@contextmanager
def a_permit() -> Iterator[tuple[Place, str, str]]:
    """A suite of its own in which somebody has a permit: the place, its path, and the holder's token."""
    with tempfile.TemporaryDirectory() as folder:
        services = Path(folder) / "services"
        services.mkdir()
        for name in SERVICES:
            (services / name).symlink_to(ROOT / "services" / name)
        suite = Suite(Place(Path(folder), free_span()), {"LOG_LEVEL": "WARNING"})
        done = suite.command("up", "--detach", "--no-seed")
        if done.returncode:
            raise SystemExit(done.stderr + done.stdout)
        try:
            city = City(suite.place)
            ident = permit_story.file(city, "budi")
            permit_story.examine(city, ident)
            permit_story.assess(city, ident)
            permit_story.pay_at_the_bank(city, permit_story.bill_of(city, "budi", ident))
            permit = permit_story.issued(city, "budi", ident)["permit_id"]
            city.close()
            yield suite.place, f"/v1/permits/{permit}", sign_in.token(suite.place, "budi")
        finally:
            suite.command("down")


def wrk(port: int, path: str, token: str, seconds: int) -> float:
    """Requests a second, as wrk counts them; anything but 2xx stops the benchmark."""
    words = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "-H", f"Authorization: Bearer {token}", f"http://127.0.0.1:{port}{path}"]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(said)
    return float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])


def beside_nginx(seconds: int, rounds: int) -> float:
    """Requests a second of the gateway as a share of nginx's, the median of `rounds` pairs measured one right after the other."""
    with a_permit() as (place, path, token), ExitStack() as stack:
        licensing, ours = member(place, "licensing").port, free_port()
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        config = Path(folder) / "nginx.conf"
        config.write_text(NGINX.format(folder=folder, upstream=licensing, port=ours))
        stack.enter_context(running(["nginx", "-c", str(config)], ours))
        jwks = f"http://127.0.0.1:{member(place, 'identity').port}/.well-known/jwks.json"
        door, _ = stack.enter_context(gateway(jwks, place.public_url, licensing))
        wrk(door, path, token, 1), wrk(ours, path, token, 1)
        return statistics.median(wrk(door, path, token, seconds) / wrk(ours, path, token, seconds) for _ in range(rounds))


async def _load(port: int, request: bytes, seconds: float) -> int:
    """Ask over a few connections, each as fast as it is answered; answers how often."""
    end, count = time.monotonic() + seconds, 0

    async def one() -> None:
        nonlocal count
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.monotonic() < end:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise SystemExit(head.decode())
            await reader.readexactly(int(re.findall(rb"Content-Length: (\d+)", head)[0]))
            count += 1
        writer.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    return count


def _worker(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def _used(pid: int) -> float:
    """Seconds of the processor this process has had, user and system."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def processor_ms(port: int, pid: int, token: str, seconds: float) -> float:
    """Milliseconds of the worker's processor time a request."""
    request = f"GET /v1/permits/0198c0de-0000-7000-8000-000000000000 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    asyncio.run(_load(port, request, 1))
    before = _used(_worker(pid))
    count = asyncio.run(_load(port, request, seconds))
    return 1000 * (_used(_worker(pid)) - before) / count


def idle_mb(port: int, pid: int, connections: int = 2000) -> float:
    """Megabytes that this many idle connections cost the worker."""
    memory: Callable[[], int] = lambda: int(Path(f"/proc/{_worker(pid)}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
    before = memory()
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(connections)]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
        answer.read()
    grown = memory() - before
    for one in held:
        one.close()
    return grown / 1e6


def alone(seconds: float, rounds: int) -> tuple[float, float, float]:
    """The gateway's processor time in ms a request, that of gunicorn's hello, and the megabytes of idle connections."""
    issuer, upstream, jwks, hello = Issuer(), free_port(), free_port(), free_port()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "jwks.json").write_text(json.dumps(issuer.jwks()))
        stack.enter_context(running([sys.executable, "-c", AT_ONCE, str(upstream)], upstream))
        stack.enter_context(running([sys.executable, "-m", "http.server", "-b", "127.0.0.1", "-d", str(folder), str(jwks)], jwks))
        greeting = stack.enter_context(running([sys.executable, "-c", HELLO, str(hello)], hello))
        door, pid = stack.enter_context(gateway(f"http://127.0.0.1:{jwks}/jwks.json", issuer.issuer, upstream))
        token = issuer.token("budi", "citizen")
        turns = [(processor_ms(door, pid, token, seconds), processor_ms(hello, greeting, token, seconds)) for _ in range(rounds)]
        return statistics.median(ms for ms, _ in turns), statistics.median(ms for _, ms in turns), idle_mb(door, pid)


def in_time() -> Measured:
    """What it adds to an answer, and what sick services take from a healthy one."""
    issuer, upstream, jwks = Issuer(), free_port(), free_port()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "jwks.json").write_text(json.dumps(issuer.jwks()))
        stack.enter_context(running([sys.executable, "-c", AT_ONCE, str(upstream)], upstream))
        stack.enter_context(running([sys.executable, "-m", "http.server", "-b", "127.0.0.1", "-d", str(folder), str(jwks)], jwks))
        sick = stack.enter_context(gateway_latency.sick_services(running, free_port))
        door, _ = stack.enter_context(gateway(f"http://127.0.0.1:{jwks}/jwks.json", issuer.issuer, upstream, **sick))
        yield from gateway_latency.figures(door, upstream, issuer.token("budi", "citizen"))


def figures() -> Measured:
    """Processor time, idle connections, and beside nginx where it can be had."""
    ours, hello, idle = alone(seconds=4, rounds=3)
    yield at_most("gateway: processor time a request, upstream answers at once", ours, MOST_MS)
    yield Figure("gateway: the same beside its own gunicorn worker saying hello", ours / hello, "x")
    yield at_most("gateway: 2,000 idle connections", idle, MOST_IDLE_MB, "MB")
    yield from in_time()
    name = "gateway: real GET /v1/permits/{id}, beside nginx"
    missing = [tool for tool in ("nginx", "wrk") if not shutil.which(tool)]
    if missing:
        yield Skipped(name, f"{' and '.join(missing)} is not here (Debian: apt-get install nginx-light wrk)")
        return
    yield at_least(name, beside_nginx(seconds=2, rounds=9), LEAST_OF_NGINX)
