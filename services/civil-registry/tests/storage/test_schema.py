"""Model and schema are one."""

from sqlalchemy.orm import Session

from civil_registry.use_cases.personal_data import of_person
from smartcity.storage import migrate
from smartcity.testing.schema import assert_model_matches_schema, forgotten


def test_the_migrations_make_what_the_model_declares(db: str) -> None:
    assert_model_matches_schema(db)


def test_there_is_one_newest_migration() -> None:
    assert len(migrate.heads("civil_registry")) == 1


def test_a_copy_of_a_person_s_data_forgets_nothing(session: Session) -> None:
    """Whatever says whose it is; the entry of a register says what its registration says."""
    assert forgotten(session, of_person) == {"birth_record"}
