"""`work` begins when the schema of its release is there."""

import pytest

from deploy.k8s.image import await_schema
from smartcity.storage import migrate
from smartcity.testing import postgres

NOW = 0.0


@pytest.fixture
def empty(postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database without a table."""
    url = postgres.create(postgres_server, "licensing_waits")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setattr(await_schema, "PAUSE", 0.01)
    return url


def test_it_waits_for_a_schema_and_goes_on_when_it_is_there(empty: str) -> None:
    assert await_schema.main("licensing", NOW) == 1
    migrate.upgrade("licensing", empty)
    assert await_schema.main("licensing", NOW) == 0


def test_a_database_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://nobody@127.0.0.1:{postgres.free_port()}/nothing")
    monkeypatch.setattr(await_schema, "PAUSE", 0.01)
    assert await_schema.main("licensing", NOW) == 1
