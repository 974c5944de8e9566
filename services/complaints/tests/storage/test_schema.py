"""Model and schema are one."""

from sqlalchemy.orm import Session

from complaints.use_cases.personal_data import of_person
from smartcity.storage import migrate
from smartcity.testing.schema import assert_model_matches_schema, forgotten


def test_the_migrations_make_what_the_model_declares(db: str) -> None:
    assert_model_matches_schema(db)


def test_there_is_one_newest_migration() -> None:
    assert len(migrate.heads("complaints")) == 1


def test_a_copy_of_a_person_s_data_forgets_nothing(session: Session) -> None:
    """Whatever says whose it is."""
    assert forgotten(session, of_person) == set()
