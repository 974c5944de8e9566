"""Model and schema agree, and the books cannot be changed."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.use_cases.personal_data import of_person
from smartcity.testing.schema import assert_model_matches_schema, forgotten


def test_model_and_schema_agree(db: str, service: object) -> None:
    assert_model_matches_schema(db)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET cause = 'x'", "UPDATE ledger_line SET account_code = '4.9'", "DELETE FROM ledger_entry", "DELETE FROM ledger_line",
        "TRUNCATE ledger_entry CASCADE", "TRUNCATE ledger_line",
    ],
)  # fmt: skip
def test_the_ledger_refuses_change(treasury: object, session: Session, statement: str) -> None:
    bill = treasury.a_bill()  # type: ignore[attr-defined]
    assert treasury.pay(bill).status_code == 200  # type: ignore[attr-defined]
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        session.execute(sa.text(statement))


def test_the_database_refuses_an_entry_that_does_not_balance(session: Session) -> None:
    session.execute(
        sa.text("INSERT INTO ledger_entry VALUES ('0197a7e2-0a11-7e60-9d44-0d5e8f7a3304', now(), current_date, 'DPMPTSP', 'test', 5)")
    )
    session.execute(sa.text("INSERT INTO ledger_line VALUES ('0197a7e2-0a11-7e60-9d44-0d5e8f7a3304', 1, '4.1', 5, 0)"))
    with pytest.raises(sa.exc.IntegrityError, match="debits and credits differ"):
        session.commit()


def test_a_copy_of_a_person_s_data_forgets_nothing(session: Session) -> None:
    """Whatever says whose it is."""
    assert forgotten(session, of_person) == set()
