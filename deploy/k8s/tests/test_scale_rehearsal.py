"""Scaling one service, on one machine: two `web` and three `work` of licensing, on a real broker, one killed while the city works."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from deploy.k8s.tests.balancing import balanced
from smartcity.testing.postgres import free_port
from smartcity.testing.rabbitmq import Node
from smartcity_local.environment import Environments
from smartcity_local.inside import session_of
from smartcity_local.secret_store import SecretStore
from smartcity_local.suite import member, members
from tests.integration.city import City, until
from tests.integration.conftest import running

SCALED = "licensing"
STORIES = 6
UNFINISHED = sa.text(
    "SELECT (SELECT count(*) FROM event_unsent), (SELECT count(*) FROM inbox WHERE status IN ('waiting', 'parked')), "
    "(SELECT count(*) FROM due WHERE status = 'parked')"
)
GAPS = sa.text("SELECT subject FROM event_log GROUP BY subject HAVING max(sequence) <> count(*) OR min(sequence) <> 1")


@dataclass
class ScaledCity(City):
    """The city behind a gateway that knows licensing by the address of its balancer."""

    door: int = 0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.door}"


@contextmanager
def process(city: City, name: str, kind: str, port: int, **other: str) -> Iterator[subprocess.Popen[bytes]]:
    """One more process of a service, ready; ended with the block."""
    place = city.suite.place
    everybody = members(place)
    server = place.database_server or f"postgresql://127.0.0.1:{place.postgres_port}"
    environ = Environments(place, everybody, SecretStore(place.run / "secrets"), server).of(member(place, name), kind)
    ports = {"PORT": str(port), "METRICS_PORT": str(port) if kind == "work" else "0"}
    command = [sys.executable, "-m", member(place, name).package, kind]
    with (place.logs / f"more-{name}-{kind}-{port}.log").open("wb") as log:
        started = subprocess.Popen(command, env={**environ, **ports, **other}, stdout=log, stderr=log)
    try:
        until(lambda: _answers(port, "/readyz" if kind == "web" else "/metrics"), 120)
        yield started
    finally:
        started.terminate()
        started.wait(30)


def _answers(port: int, path: str) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def _story(city: City) -> tuple[str, int]:
    """From a form to a paid bill; every answer of the gateway on the way is looked at."""
    ident, bill = city.assessed_bill()
    answer = city.pay(bill)
    assert answer.status_code == 200, answer.text
    return ident, int(bill["total"])


def _everything_is_told(city: City, name: str) -> bool:
    with session_of(city.suite.place, member(city.suite.place, name)) as session:
        return tuple(session.execute(UNFINISHED).one()) == (0, 0, 0)


def _in_order(city: City, name: str) -> bool:
    with session_of(city.suite.place, member(city.suite.place, name)) as session:
        return session.execute(GAPS).all() == []


def _metric(port: int, name: str) -> float:
    lines = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(name) and not line.startswith("#"))


def _kill_when(busy: Callable[[], bool], victim: subprocess.Popen[bytes]) -> None:
    until(busy, 120)
    os.kill(victim.pid, signal.SIGKILL)


@pytest.mark.timeout(600)
def test_one_service_is_scaled_and_one_of_its_processes_killed_while_the_city_works(
    rabbitmq_node: Node, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root: Path = tmp_path_factory.mktemp("scaled")
    with running(root, rabbitmq_node) as small, ExitStack() as more:
        first = member(small.suite.place, SCALED).port
        second, door, victim_port = free_port(), free_port(), free_port()
        more.enter_context(process(small, SCALED, "web", second))
        more.enter_context(process(small, SCALED, "work", free_port()))
        victim = more.enter_context(process(small, SCALED, "work", victim_port))
        address, counts = more.enter_context(balanced((first, second)))
        told = {one.name: one.port for one in members(small.suite.place) if one.name != "gateway"} | {SCALED: address}
        upstreams = ",".join(f"{name}=http://127.0.0.1:{port}" for name, port in told.items())
        more.enter_context(process(small, "gateway", "web", door, UPSTREAMS=upstreams))
        city = ScaledCity(small.suite, small.broker, door=door)
        before = {name: program["pid"] for name, program in small.suite.programs().items()}

        with ThreadPoolExecutor(4) as people:
            stories = [people.submit(_story, city) for _ in range(STORIES)]
            _kill_when(lambda: _metric(victim_port, "consumer_effects_total") > 0, victim)
            for ident, total in [story.result(120) for story in stories]:
                city.issued_once(ident, total)

        for name in (SCALED, "finance-sts"):
            until(lambda name=name: _everything_is_told(city, name), 60)
            assert _in_order(city, name)
        assert victim.wait(10) == -signal.SIGKILL
        assert min(counts.values()) > 0
        assert {name: program["pid"] for name, program in small.suite.programs().items()} == before
