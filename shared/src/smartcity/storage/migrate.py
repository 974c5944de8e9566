"""Migrations of one service's database, under one lock, in one transaction with a short lock timeout."""

from importlib.resources import files
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from smartcity.storage.entity import Base


def _config(package: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "alembic_env"))
    config.set_main_option("version_locations", str(files(package) / "migrations"))
    config.set_main_option("path_separator", "newline")
    config.attributes["metadata"] = Base.metadata
    return config


def heads(package: str) -> list[str]:
    """The newest revisions of the package's migrations: exactly one in a healthy tree."""
    return list(ScriptDirectory.from_config(_config(package)).get_heads())


def upgrade(package: str, url: str, revision: str = "head") -> None:
    """Bring the database to `revision`; two at once wait for each other."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    config = _config(package)
    with engine.begin() as connection:
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended('migrate', 0))"))
        connection.execute(sa.text("SET LOCAL lock_timeout = '5s'"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def differences(url: str) -> list[object]:
    """What autogenerate would change: empty when model and schema agree."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))
