"""A private RabbitMQ node for one test run: own ports, own data, own epmd, gone with the run however it ends.

The installed server is used; root gets it from the distribution when it is absent; else `BROKER_URL`, which nobody may kill.
"""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from smartcity.testing.postgres import free_port

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # not the one in /usr/sbin: that becomes another user
START_WITHIN = 90.0
POLICY = Path("/usr/sbin/policy-rc.d")


class NoRabbitMQ(Exception):
    """There is no RabbitMQ to test with; the message says why."""


class Node:
    """A running node: `url`, `pid`, and `kill()`/`start()` on the same data."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None
        self._port, self._dist_port, self._epmd_port = _distinct_ports(3)
        self.url = f"amqp://guest:guest@127.0.0.1:{self._port}/"
        (folder / "home").mkdir()
        (folder / "enabled_plugins").write_text("[].")
        (folder / "env.conf").touch()
        (folder / "rabbitmq.conf").touch()
        self._epmd = self._child(["epmd", "-port", str(self._epmd_port), "-address", "127.0.0.1"], "epmd.log")

    @property
    def pid(self) -> int:
        """The process of the node itself."""
        assert self._server is not None, "the node is not running"
        return self._server.pid

    def start(self) -> None:
        """Start the node and wait until it takes AMQP connections."""
        self._server = self._child([str(SERVER)], "node.log")
        end = time.monotonic() + START_WITHIN
        while not _speaks_amqp(self._port):
            if self._server.poll() is not None:
                raise NoRabbitMQ(f"the node ended at its start: {(self._folder / 'node.log').read_text()[-800:]}")
            if time.monotonic() > end:
                raise NoRabbitMQ(f"the node did not answer within {START_WITHIN:.0f} s")
            time.sleep(0.1)

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        if self._server is not None:
            _end(self._server)
            self._server = None

    def control(self, *words: str) -> None:
        """Ask the node something with `rabbitmqctl`."""
        command = [str(SERVER.with_name("rabbitmqctl")), *words]
        subprocess.run(command, env=self._environment(), check=True, capture_output=True, timeout=60)

    def close(self) -> None:
        self.kill()
        _end(self._epmd)

    def _child(self, command: list[str], log: str) -> "subprocess.Popen[bytes]":
        with (self._folder / log).open("ab") as out:
            return subprocess.Popen(
                command, env=self._environment(), stdin=subprocess.DEVNULL, stdout=out, stderr=out, process_group=0,
                preexec_fn=_die_with_parent,
            )  # fmt: skip

    def _environment(self) -> dict[str, str]:
        folder = self._folder
        names = {
            "NODENAME": f"test{self._port}@localhost", "NODE_IP_ADDRESS": "127.0.0.1",
            "NODE_PORT": self._port, "DIST_PORT": self._dist_port,
            "MNESIA_BASE": folder / "data", "LOG_BASE": folder / "log", "PID_FILE": folder / "pid", "CONFIG_FILE": folder / "rabbitmq",
            "ENABLED_PLUGINS_FILE": folder / "enabled_plugins", "CONF_ENV_FILE": folder / "env.conf",
            "SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false +sbwt none +S 2:2",
        }  # fmt: skip
        return {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(folder / "home"), "NOTIFY_SOCKET": str(folder / "nobody"),
            "ERL_EPMD_PORT": str(self._epmd_port), "ERL_EPMD_ADDRESS": "127.0.0.1",
            **{f"RABBITMQ_{name}": str(value) for name, value in names.items()},
        }  # fmt: skip  # with NOTIFY_SOCKET the script becomes the node, so the process we start is the process we kill


class ForeignNode:
    """Somebody's server at `BROKER_URL`: usable, never killed."""

    def __init__(self, url: str) -> None:
        self.url = url

    @property
    def pid(self) -> int:
        raise NoRabbitMQ("the server at BROKER_URL is not ours")

    def start(self) -> None:
        raise NoRabbitMQ("the server at BROKER_URL is not ours to start")

    def kill(self) -> None:
        raise NoRabbitMQ("the server at BROKER_URL is not ours to kill")


@contextmanager
def private_node() -> Iterator[Node | ForeignNode]:
    """A node for the block; raises `NoRabbitMQ` where there can be none."""
    if not SERVER.exists() and os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
    if not SERVER.exists() or not shutil.which("epmd"):
        url = os.environ.get("BROKER_URL", "")
        if not url.startswith("amqp"):
            raise NoRabbitMQ("rabbitmq-server is not installed and BROKER_URL names no server")
        yield ForeignNode(url)
        return
    folder = Path(tempfile.mkdtemp(prefix="smartcity-rabbitmq-"))
    node = Node(folder)
    try:
        node.start()
        yield node
    finally:
        node.close()
        shutil.rmtree(folder, ignore_errors=True)


def skip_loudly(reason: str) -> None:
    """Skip, and say so where nobody can overlook it; with `CI=true`, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"RabbitMQ must be tested here: {reason}")
    print(f"\n*** RabbitMQ was NOT tested: {reason} ***", file=sys.__stderr__)
    pytest.skip(f"RabbitMQ was NOT tested: {reason}")


@pytest.fixture(scope="session")
def rabbitmq_node() -> Iterator[Node | ForeignNode]:
    """This run's RabbitMQ; import it into a conftest."""
    with _entered_or_skipped() as node:
        yield node


@contextmanager
def _entered_or_skipped() -> Iterator[Node | ForeignNode]:
    context = private_node()
    try:
        node = context.__enter__()
    except NoRabbitMQ as error:
        skip_loudly(str(error))
        raise
    try:
        yield node
    finally:
        context.__exit__(None, None, None)


def _install() -> None:
    """From the distribution, its own service kept from starting by a policy that lasts as long as the installation."""
    kept_out = not POLICY.exists()
    if kept_out:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "rabbitmq-server"]):
            subprocess.run(command, check=True, capture_output=True, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
        if shutil.which("systemctl"):
            subprocess.run(["systemctl", "disable", "rabbitmq-server"], check=False, capture_output=True)
    except subprocess.CalledProcessError as error:
        raise NoRabbitMQ(f"apt-get could not install rabbitmq-server: {error.stderr.decode()[-300:]}") from error
    finally:
        if kept_out:
            POLICY.unlink()


def _distinct_ports(count: int) -> list[int]:
    ports: set[int] = set()
    while len(ports) < count:
        ports.add(free_port())
    return list(ports)


def _speaks_amqp(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as line:
        line.sendall(b"AMQP\x00\x00\x09\x01")
        return line.recv(1) == b"\x01"
    return False


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _end(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
