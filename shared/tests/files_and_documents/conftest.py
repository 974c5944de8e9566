"""A database with the kernel's tables, a store in a temporary folder, and an office that prints."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parent))  # the office and the samples are modules beside the tests

from office_that_prints import Office

from smartcity import documents, files, settings
from smartcity.settings import Settings
from smartcity.storage import kernel_schema
from smartcity.storage.transaction import Database
from smartcity.testing import postgres

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with postgres.private_server(in_memory=True) as url:
        yield url


@pytest.fixture(scope="session")
def template(server: str) -> str:
    url = postgres.create(server, "kernel_template")
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        kernel_schema.create_v1()
        kernel_schema.upgrade_v2()
        kernel_schema.upgrade_v3()
        kernel_schema.upgrade_v4()
        kernel_schema.upgrade_v5()
    return "kernel_template"


@pytest.fixture
def db(server: str, template: str, request: pytest.FixtureRequest) -> Iterator[str]:
    name = f"t{abs(hash(request.node.nodeid))}"
    yield postgres.create(server, name, template)
    postgres.drop(server, name)


@pytest.fixture
def database(db: str) -> Iterator[Database]:
    made = Database(db, pool_size=8)
    yield made
    made.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.session() as opened:
        yield opened


@pytest.fixture
def config(tmp_path: Path) -> Settings:
    environ = {
        "DATABASE_URL": "postgresql://nowhere", "BROKER_URL": "embedded:///nowhere", "FILES_URL": f"file://{tmp_path}/kept",
        "ISSUER_URL": "https://masuk.example", "PUBLIC_URL": "https://layanan.example", "SECRET_KEY": KEY, "DOCUMENT_KEY": KEY,
        "ENVIRONMENT": "test",
    }  # fmt: skip
    return settings.load("printing-office", (), environ)


@pytest.fixture
def folder(config: Settings, tmp_path: Path) -> Path:
    """Where the bytes lie."""
    files.configure(config.files_url)
    return tmp_path / "kept"


@pytest.fixture
def office(config: Settings, folder: Path) -> Office:
    made = Office()
    documents.configure(made, config)
    return made


@pytest.fixture
def moment() -> datetime:
    return datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
