"""The private node of the tests: it goes when its test run goes, and its absence cannot be overlooked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from smartcity.testing import rabbitmq
from smartcity.testing.rabbitmq import NoRabbitMQ, skip_loudly

from .conftest import until

PROGRAM = """
import os, signal
from smartcity.testing.rabbitmq import Node
from pathlib import Path
import sys
node = Node(Path(sys.argv[1]))
node._server = node._child([str(sys.argv[2])], "node.log")
print(node.pid, node._epmd.pid, flush=True)
signal.pause()
"""


@pytest.mark.skipif(not rabbitmq.SERVER.exists(), reason="no rabbitmq-server")
def test_a_node_dies_with_a_killed_test_run(tmp_path: Path) -> None:
    run = subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path), str(rabbitmq.SERVER)], stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    pids = [int(pid) for pid in run.stdout.readline().split()]
    run.kill()
    run.wait()
    run.stdout.close()
    until(lambda: not any(_alive(pid) for pid in pids))


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_without_a_server_the_reason_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(rabbitmq, "SERVER", tmp_path / "absent")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.delenv("BROKER_URL", raising=False)
    with pytest.raises(NoRabbitMQ, match="not installed"), rabbitmq.private_node():
        pass


def test_a_server_at_broker_url_is_used_and_never_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(rabbitmq, "SERVER", tmp_path / "absent")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("BROKER_URL", "amqp://somewhere/")
    with rabbitmq.private_node() as node:
        assert node.url == "amqp://somewhere/"
        with pytest.raises(NoRabbitMQ):
            node.kill()


def test_root_installs_an_absent_server_without_letting_its_service_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen = []
    monkeypatch.setattr(rabbitmq, "POLICY", tmp_path / "policy-rc.d")
    monkeypatch.setattr(rabbitmq.shutil, "which", lambda name: f"/usr/bin/{name}")

    def run(command: list[str], **_: object) -> None:
        seen.append((command[:2], rabbitmq.POLICY.exists() and os.access(rabbitmq.POLICY, os.X_OK)))

    monkeypatch.setattr(rabbitmq.subprocess, "run", run)
    rabbitmq._install()
    assert seen == [(["apt-get", "update"], True), (["apt-get", "install"], True), (["systemctl", "disable"], True)]
    assert not rabbitmq.POLICY.exists()


def test_a_skip_is_loud_and_in_ci_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="NOT tested"):
        skip_loudly("none here")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="must be tested"):
        skip_loudly("none here")
