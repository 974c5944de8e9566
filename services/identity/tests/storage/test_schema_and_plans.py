"""The schema is the model's, and the lists are carried by indexes."""

import re

import sqlalchemy as sa
from sqlalchemy.orm import Session

from identity.model.account import Account
from identity.model.account_change import AccountChange, changes_of
from identity.model.account_closure import AccountClosure, addresses_done_with, kept_from, waiting
from identity.model.account_session import AccountSession
from identity.model.company import CompanyPerson
from identity.model.deputyship import Deputyship, held_by, of_account
from identity.model.sign_in import SignIn, sign_ins_of
from identity.use_cases.companies import places_of
from identity.use_cases.demo import demo_sub
from identity.use_cases.sessions import ended_lately, sessions_of
from identity.use_cases.throttle import waits
from smartcity.clock import real_now, today
from smartcity.storage.entity import Base
from smartcity.testing.schema import assert_model_matches_schema


def test_the_model_and_the_schema_agree(db: str) -> None:
    assert_model_matches_schema(db)


def test_the_list_of_my_sessions_is_read_from_its_index(session: Session) -> None:
    session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    query = sessions_of(demo_sub("budi")).order_by(AccountSession.started_at.desc(), AccountSession.id.desc()).limit(50)
    sql = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    plan = "\n".join(session.scalars(sa.text(f"EXPLAIN {sql}")))
    assert "ix_account_session_account_id_started_at_id" in plan and "Sort" not in plan


def test_the_lists_of_my_sign_ins_and_changes_are_read_from_their_indexes(session: Session) -> None:
    session.execute(sa.text("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"))
    for query, row, index in (
        (sign_ins_of(demo_sub("budi")), SignIn, "ix_sign_in_account_id_at_id"),
        (changes_of(demo_sub("budi")), AccountChange, "ix_account_change_account_id"),
    ):
        listed = query.order_by(row.at.desc(), row.id.desc()).limit(50)
        sql = listed.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(session.scalars(sa.text(f"EXPLAIN {sql}")))
        assert index in plan and "Sort" not in plan


def test_an_account_is_found_by_its_address_and_its_nik_through_an_index(session: Session) -> None:
    session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    for known, index in ((Account.email_index == b"x", "uq_account_email_index"), (Account.nik_index == b"x", "uq_account_nik_index")):
        sql = sa.select(Account.id).where(known).compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        assert index in "\n".join(session.scalars(sa.text(f"EXPLAIN {sql}")))


def test_what_waits_to_be_closed_and_whether_a_nik_is_kept_are_read_from_their_indexes(session: Session) -> None:
    session.execute(sa.text("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"))
    listed = waiting().order_by(AccountClosure.asked_at, AccountClosure.id).limit(50)
    kept, done_with = kept_from(b"n", b"e", real_now()), addresses_done_with(real_now())
    for query, index in (
        (listed, "ix_account_closure_asked"), (kept, "ix_account_closure_nik_index"), (done_with, "ix_account_closure_with_address"),
    ):  # fmt: skip
        sql = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(session.scalars(sa.text(f"EXPLAIN {sql}")))
        assert index in plan and "Sort" not in plan


def test_whether_somebody_must_wait_is_read_from_the_key(session: Session) -> None:
    session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    known = {"guarded_0": "account", "subject_0": b"a", "guarded_1": "address", "subject_1": b"b"}
    plan = "\n".join(session.scalars(sa.text(f"EXPLAIN {waits(2).text}"), known))
    assert plan.count("Bitmap Index Scan on pk_throttle") == 2 and "Seq Scan" not in plan


def test_the_list_every_gateway_asks_for_is_read_from_its_index(session: Session) -> None:
    session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    sql = ended_lately(real_now()).compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    plan = "\n".join(session.scalars(sa.text(f"EXPLAIN {sql}")))
    assert "ix_account_session_ended_at" in plan


def test_the_list_of_deputies_and_whom_one_is_deputy_of_are_read_from_their_indexes(session: Session) -> None:
    session.execute(sa.text("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"))
    listed = of_account(demo_sub("budi")).order_by(Deputyship.from_on.desc(), Deputyship.id.desc()).limit(50)
    for query, index in ((listed, "ix_deputyship_account_id"), (held_by(demo_sub("budi"), today()), "ix_deputyship_deputy_id")):
        sql = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(session.scalars(sa.text(f"EXPLAIN {sql}")))
        assert index in plan and "Sort" not in plan


def test_every_foreign_key_has_a_named_index() -> None:
    own = [table for table in Base.metadata.tables.values() if table.foreign_keys]
    assert own
    for table in own:
        led = {next(iter(index.columns)).name for index in table.indexes} | {next(iter(table.primary_key.columns)).name}
        assert {key.parent.name for key in table.foreign_keys} <= led, table.name


def test_no_secret_stands_readable_in_the_database(session: Session) -> None:
    rows = session.execute(sa.text("SELECT account::text FROM account UNION ALL SELECT oauth_client::text FROM oauth_client")).scalars()
    everything = "\n".join(rows)
    assert "a long demo password" not in everything and "a secret" not in everything and "Hasibuan" not in everything
    assert re.search(r"\$argon2id\$", everything)


def test_for_whom_a_token_acts_and_who_is_asked_are_read_from_their_indexes(session: Session) -> None:
    session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    invited = sa.select(CompanyPerson).where(CompanyPerson.login_index == b"x", sa.text("status = 'invited'"))
    for query, index in ((places_of(demo_sub("budi")), "ix_company_person_account_id"), (invited, "ix_company_person_invited")):
        sql = query.order_by(CompanyPerson.id).compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        plan = "\n".join(session.scalars(sa.text(f"EXPLAIN {sql}")))
        assert index in plan and "Sort" not in plan
