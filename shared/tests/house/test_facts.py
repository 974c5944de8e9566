"""One commit for rows and facts; numbers without a gap; what lies encrypted."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from stall import SERVICE, TOLD, Sold, Thing, thing

from smartcity.events.envelope import PREFIX
from smartcity.storage import next_number, official_number
from smartcity.storage.transaction import Database
from smartcity.testing.schema import assert_model_matches_schema


def test_the_kernels_tables_are_what_its_entities_say(db: str) -> None:
    assert_model_matches_schema(db)


def test_a_row_and_its_facts_are_kept_together_or_not_at_all(database: Database, told: Any) -> None:
    with database.session() as session:
        lost = thing()
        session.add(lost)
        lost.sell("T-1")
        session.flush()
    assert told() == []
    with database.transaction() as session:
        kept = thing()
        session.add(kept)
        kept.sell("T-1")
    (event,) = told()
    assert (event["type"], event["subject"], event["sequence"]) == (PREFIX + TOLD, str(kept.id), "1")


def test_what_a_savepoint_rolled_back_is_not_told_and_what_stood_before_is(database: Database, told: Any) -> None:
    with database.transaction() as session:
        kept = thing()
        session.add(kept)
        kept.sell("T-1")
        session.flush()
        inner = session.begin_nested()
        lost = thing()
        session.add(lost)
        lost.sell("T-2")
        session.flush()
        inner.rollback()
    assert [event["subject"] for event in told()] == [str(kept.id)]


def test_a_fact_without_its_entry_and_a_bulk_statement_are_refused(database: Database) -> None:
    with database.session() as session:
        strange = thing()
        session.add(strange)
        strange.note("a string is no fact")
        with pytest.raises(LookupError, match="no entry for the fact str"):
            session.flush()
    with database.session() as session, pytest.raises(RuntimeError, match="would tell nobody"):
        session.execute(sa.update(Thing).values(price=2))


def test_two_who_change_one_row_do_not_both_succeed(database: Database) -> None:
    with database.transaction() as session:
        laid = thing()
        session.add(laid)
    with database.session() as one, database.session() as other:
        mine, theirs = one.get(Thing, laid.id), other.get(Thing, laid.id)
        assert mine is not None and theirs is not None  # noqa: PT018
        mine.sell("T-1")
        one.commit()
        theirs.sell("T-2")
        with pytest.raises((StaleDataError, IntegrityError)):
            other.commit()
    with database.session() as session:
        assert session.scalars(sa.select(Thing.number)).one() == "T-1"


def test_names_lie_encrypted_in_the_database(database: Database) -> None:
    with database.transaction() as session:
        session.add(thing(name="Bu Tiurma"))
    with database.session() as session:
        assert b"Tiurma" not in bytes(session.execute(sa.text("SELECT name FROM thing")).scalar_one())
        assert session.scalars(sa.select(Thing.name)).one() == "Bu Tiurma"


def test_numbers_have_no_gap_under_many_hands_and_rollbacks(database: Database) -> None:
    chance = random.Random(7)
    fails = [chance.random() < 0.3 for _ in range(60)]

    def one(n: int) -> int | None:
        with database.session() as session:
            number = next_number(session, "k", "PASAR", "2026")
            if fails[n]:
                return None
            session.commit()
            return number

    with ThreadPoolExecutor(8) as pool:
        numbers = [number for number in pool.map(one, range(60)) if number]
    assert sorted(numbers) == list(range(1, fails.count(False) + 1))


def test_a_number_on_a_paper_names_its_series_office_and_year_and_counts_by_its_kind(database: Database) -> None:
    with database.session() as session:
        given = [official_number(session, "SSRD", "PASAR", 2026, "receipt") for _ in range(2)]
        assert [*given, official_number(session, "receipt", "PASAR", 2026)] == [
            "SSRD/PASAR/2026/000001",
            "SSRD/PASAR/2026/000002",
            "receipt/PASAR/2026/000003",
        ]


def test_the_fact_that_is_told_is_the_one_that_was_noted() -> None:
    told = SERVICE.tells[Sold](Sold(uuid4(), "T-9"))
    assert told.data["permit_no"] == "T-9"
