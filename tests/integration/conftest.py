"""The whole suite on ports of its own, once on each broker, and everybody who takes part in its stories."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from smartcity.testing.rabbitmq import NoRabbitMQ, private_node, skip_loudly
from smartcity_local.place import Place
from smartcity_local.testing import Suite, free_span
from tests.integration.city import City

ROOT = Path(__file__).resolve().parents[2]
SHARE = "simbg"


@pytest.fixture(scope="session", params=["embedded", "rabbitmq"])
def broker(request: pytest.FixtureRequest) -> Iterator[Any]:
    """The private RabbitMQ node, or `None` for the embedded broker."""
    if request.param == "embedded":
        yield None
        return
    try:
        with private_node() as node:
            yield node
    except NoRabbitMQ as reason:
        skip_loudly(str(reason))


@contextmanager
def running(root: Path, broker: Any, *words: str, server: str = "", **more: str) -> Iterator[City]:
    """A suite in `root`, started by the real command and stopped at the end; on the PostgreSQL at `server`, or on its own. `more`: its environment."""
    (root / "services").symlink_to(ROOT / "services")
    (root / "faults").mkdir()
    place = Place(root, free_span(), broker=broker.url if broker else "", database_server=server)
    told = {"SIMBG_URL": f"file://{root / SHARE}"}  # not mounted: SIMBG is away until a test brings it back
    suite = Suite(place, {"SMARTCITY_FAULTS": str(root / "faults"), "LOG_LEVEL": "WARNING", **told, **more})
    done = suite.command("up", "--detach", *words)
    assert done.returncode == 0, done.stderr + done.stdout
    try:
        yield City(suite, broker)
    finally:
        suite.command("down")


@pytest.fixture(scope="session")
def city(broker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """The suite that the tests of one broker share; whatever a test stops runs again before the next."""
    with running(tmp_path_factory.mktemp("clone"), broker) as city:
        yield city


@pytest.fixture
def city_before_the_treasury_opens(broker: Any, tmp_path: Path) -> Iterator[City]:
    """A suite of its own on whose first day finance-sts has not been started yet; on a broker that has heard of nobody."""
    if broker is None:
        with running(tmp_path, None, "--no-seed", "--without", "finance-sts") as city:
            yield city
        return
    with private_node() as node, running(tmp_path, node, "--no-seed", "--without", "finance-sts") as city:
        yield city


@pytest.fixture
def talkative(broker: Any, tmp_path: Path) -> Iterator[City]:
    """A suite of its own whose processes log all they can; on a broker that no other suite hears."""
    if broker is None:
        with running(tmp_path, None, "--no-seed", LOG_LEVEL="DEBUG") as city:
            yield city
        return
    with private_node() as node, running(tmp_path, node, "--no-seed", LOG_LEVEL="DEBUG") as city:
        yield city


@pytest.fixture(autouse=True)
def everything_runs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test stops runs again before the next one."""
    yield
    if "city" in request.fixturenames:
        request.getfixturevalue("city").all_up()
