"""Model and schema are one."""

from importlib.resources import files

from smartcity.storage import migrate
from smartcity.testing.schema import assert_model_matches_schema


def test_the_migrations_make_what_the_model_declares(db: str) -> None:
    assert_model_matches_schema(db)


def test_there_is_one_newest_migration_the_one_with_the_highest_number() -> None:
    numbered = [entry.name.removesuffix(".py") for entry in (files("licensing") / "migrations").iterdir() if entry.name[:1].isdigit()]
    assert migrate.heads("licensing") == [max(numbered)]
