"""Model and schema are one."""

from smartcity.storage import migrate
from smartcity.testing.schema import assert_model_matches_schema


def test_the_migrations_make_what_the_model_declares(db: str) -> None:
    assert_model_matches_schema(db)


def test_there_is_one_newest_migration() -> None:
    assert len(migrate.heads("complaints")) == 1
