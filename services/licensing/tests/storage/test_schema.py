"""Model and schema are one."""

from importlib.resources import files

from sqlalchemy.orm import Session

from licensing.use_cases.personal_data import of_person
from smartcity.storage import migrate
from smartcity.testing.schema import assert_model_matches_schema, forgotten


def test_the_migrations_make_what_the_model_declares(db: str) -> None:
    assert_model_matches_schema(db)


def test_there_is_one_newest_migration_the_one_with_the_highest_number() -> None:
    numbered = [entry.name.removesuffix(".py") for entry in (files("licensing") / "migrations").iterdir() if entry.name[:1].isdigit()]
    assert migrate.heads("licensing") == [max(numbered)]


def test_a_copy_of_a_person_s_data_forgets_nothing(session: Session) -> None:
    """Whatever says whose it is."""
    assert forgotten(session, of_person) == set()
