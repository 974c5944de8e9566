"""The kernel under test through the smallest service that can stand on it."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask.testing import FlaskClient

sys.path.insert(0, str(Path(__file__).parent))  # the stall is a package beside the tests

from stall import SERVICE, Thing

from smartcity.service import Service
from smartcity.storage import kernel_schema
from smartcity.testing import postgres


@pytest.fixture(scope="session")
def service() -> Service:
    return SERVICE


@pytest.fixture(scope="session")
def template(postgres_server: str) -> str:
    """The kernel's tables and the stall's one."""
    engine = sa.create_engine(postgres.create(postgres_server, "template_stall"), poolclass=sa.NullPool)
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        kernel_schema.create_v1()
        kernel_schema.upgrade_v2()
        kernel_schema.upgrade_v3()
        kernel_schema.upgrade_v4()
        kernel_schema.upgrade_v5()
        Thing.metadata.tables["thing"].create(connection)
    return "template_stall"


@pytest.fixture
def laid_out(client: FlaskClient, as_: Callable[..., dict[str, str]], key: Callable[[], dict[str, str]]) -> Callable[..., dict[str, Any]]:
    """`laid_out(name="durian")`: a thing of siti's."""

    def lay(name: str = "durian", price: int = 5000) -> dict[str, Any]:
        answer = client.post("/v1/things", json={"name": name, "price": price}, headers={**as_("siti", "citizen"), **key()})
        assert answer.status_code == 201, answer.json
        return dict(answer.json)

    return lay
