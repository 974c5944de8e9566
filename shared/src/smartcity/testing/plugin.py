"""Fixtures for the tests of a service: `pytest_plugins = ["smartcity.testing.plugin"]` and a session fixture `service`."""

import base64
import itertools
import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from smartcity import clock as city_clock
from smartcity import due, files, housekeeping, settings
from smartcity.events import catalogue
from smartcity.events.consumer import Consumer
from smartcity.events.envelope import PREFIX
from smartcity.events.event_log import LoggedEvent
from smartcity.http.app import CityFlask
from smartcity.service import Service, create_app
from smartcity.settings import Settings
from smartcity.storage import migrate
from smartcity.storage.transaction import Database
from smartcity.testing import postgres
from smartcity.testing.city_clock import TestClock
from smartcity.testing.examples import Recorder
from smartcity.testing.tokens import AUDIENCE, ISSUER, Issuer

_numbers = itertools.count(1)
hypothesis.settings.register_profile("suite", parent=hypothesis.settings(), deadline=None)  # no test asserts a time
hypothesis.settings.load_profile("suite")
SECRET = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of this run's own PostgreSQL."""
    with postgres.private_server(in_memory=True) as url:
        yield url


@pytest.fixture(scope="session")
def extra_settings() -> dict[str, str]:
    """Settings the service declares itself; a service's conftest may override this."""
    return {}


@pytest.fixture(scope="session")
def template(postgres_server: str, service: Service) -> str:
    """The name of a migrated database to copy."""
    name = f"template_{service.package}"
    url = postgres.create(postgres_server, name)
    migrate.upgrade(service.package, url)
    return name


@pytest.fixture
def db(postgres_server: str, template: str) -> Iterator[str]:
    """The address of a fresh migrated database."""
    name = f"test_{next(_numbers)}"
    yield postgres.create(postgres_server, name, template)
    postgres.drop(postgres_server, name)


@pytest.fixture
def clock(tmp_path: Path) -> Iterator[TestClock]:
    """The suite's clock: `clock.set(…)`, `clock.advance(days=3)`."""
    yield TestClock(tmp_path / "clock")
    city_clock.configure(None)


@pytest.fixture
def config(service: Service, db: str, tmp_path: Path, extra_settings: dict[str, str]) -> Settings:
    """Settings of a test process."""
    environ = {
        "DATABASE_URL": db, "BROKER_URL": f"embedded://{tmp_path}/bus.db", "FILES_URL": f"file://{tmp_path}/files", "ISSUER_URL": ISSUER,
        "PUBLIC_URL": AUDIENCE, "SECRET_KEY": SECRET, "DOCUMENT_KEY": SECRET, "ENVIRONMENT": "test", "LOG_LEVEL": "ERROR",
        "CLOCK_FILE": str(tmp_path / "clock"), "POOL_SIZE": "8",
        **{name: f"test-{name.lower()}" for name in service.settings}, **extra_settings,
    }  # fmt: skip
    return settings.load(service.name, service.settings, environ, service.options)


@pytest.fixture
def app(service: Service, config: Settings, issuer: Issuer) -> Iterator[CityFlask]:
    """The service's web side on a fresh database."""
    made = create_app(service, config, issuer.verifier())
    yield made
    made.database.close()
    city_clock.configure(None)


@pytest.fixture
def client(app: CityFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def recorder(app: CityFlask) -> Recorder:
    """Listens to what the operations are asked and answer; `recorder.wrong()` says which example does not hold."""
    return Recorder(app)


@pytest.fixture
def database(app: CityFlask) -> Database:
    """The service's database, telling what the service tells."""
    return app.database


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session; commit it yourself."""
    with database.session() as opened:
        yield opened


@pytest.fixture(scope="session")
def as_(issuer: Issuer) -> Callable[..., dict[str, str]]:
    """`as_("budi", "citizen")`: headers of a signed-in person, who acts for `companies` (the `sub` of each) as their staff."""

    def headers(sub: str, *roles: str, office: str | None = None, companies: Sequence[str] = (), **more: str) -> dict[str, str]:
        claims = {"companies": [{"sub": company, "role": "staff"} for company in companies]} if companies else {}
        return {"Authorization": f"Bearer {issuer.token(sub, *roles, office=office, **claims)}", **more}

    return headers


@pytest.fixture(scope="session")
def key() -> Callable[[], dict[str, str]]:
    """`{**as_(…), **key()}`: a fresh Idempotency-Key."""
    return lambda: {"Idempotency-Key": str(uuid.uuid4())}


@pytest.fixture(scope="session")
def example() -> Callable[[str], dict[str, Any]]:
    """A contract's example data, a fresh copy."""
    return lambda name: json.loads(json.dumps(catalogue.contract(name).example))


@pytest.fixture
def hear(service: Service, database: Database) -> Callable[..., str]:
    """`hear(type, data, subject=…, sequence=1, id=…)`: the service receives an event; answers what came of it."""
    consumer = Consumer(database, service.hears)

    def receive(kind: str, data: dict[str, Any], *, subject: str = "", sequence: int = 1, id: str = "") -> str:
        envelope = {
            "specversion": "1.0", "id": id or str(uuid.uuid4()), "source": f"/services/{kind.split('.')[0]}", "type": PREFIX + kind,
            "subject": subject or str(uuid.uuid4()), "time": city_clock.now().isoformat(), "sequence": str(sequence), "data": data,
        }  # fmt: skip
        return consumer.receive(json.dumps(envelope, default=str).encode())

    return receive


@pytest.fixture
def retry_waiting(service: Service, database: Database) -> Callable[[], list[str]]:
    """Try every waiting event that is due; answers the outcomes."""
    consumer = Consumer(database, service.hears)

    def retry() -> list[str]:
        outcomes = []
        while (outcome := consumer.retry_one()) is not None:
            outcomes.append(outcome)
        return outcomes

    return retry


@pytest.fixture
def told(database: Database) -> Callable[..., list[dict[str, Any]]]:
    """The envelopes this service has told, in order; of one type when named."""

    def envelopes(kind: str | None = None) -> list[dict[str, Any]]:
        query = sa.select(LoggedEvent).order_by(LoggedEvent.position)
        with database.session() as opened:
            rows = list(opened.scalars(query if kind is None else query.where(LoggedEvent.type == kind)))
        return [json.loads(row.body or b"{}") for row in rows]

    return envelopes


@pytest.fixture
def run_due(service: Service, database: Database) -> Callable[..., list[str]]:
    """Run everything that is due at the suite's clock; answers the outcomes."""
    runs = {**service.due_work, **housekeeping.RUNS, **files.RUNS}

    def run(now: datetime | None = None) -> list[str]:
        outcomes = []
        while (outcome := due.run_next(database.session, runs, now or city_clock.now())) is not None:
            outcomes.append(outcome)
        return outcomes

    return run
