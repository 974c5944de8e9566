"""A day is closed by a second person and sealed; what is changed behind its back is seen and named."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.use_cases.book_checks import INVARIANTS
from finance_sts.use_cases.day_seals import broken_seals, first_broken, seal_day
from finance_sts.use_cases.ledger_accounts import imbalance
from smartcity import clock as city_clock
from smartcity.storage.transaction import Database

OFFICE = "DPMPTSP"


class Evenings:
    """Days that are booked, deposited and closed."""

    def __init__(self, treasury: Any, clock: Any, issuer: Any) -> None:
        self.treasury, self.clock, self.issuer = treasury, clock, issuer

    def treasurer(self, sub: str = "bendahara", *roles: str, acting_for: tuple[str, ...] = ()) -> dict[str, str]:
        token = self.issuer.token(sub, *(roles or ("treasurer",)), office=OFFICE, acting_for=list(acting_for))
        return {"Authorization": f"Bearer {token}", **self.treasury.key()}

    def book(self, day: int, amount: int = 100_000, **who: Any) -> None:
        self.clock.set(datetime(2026, 2, day, 3, tzinfo=UTC))
        bill = self.treasury.a_bill(amount)
        body = {"bill_id": bill["id"], "amount": amount, "channel": "counter_cash", "bank_reference": f"TILL-{bill['id']}"}
        assert self.treasury.client.post("/v1/payments", json=body, headers=self.treasurer(**who)).status_code == 201

    def deposit(self, day: int, **who: Any) -> str:
        slip = self.treasury.client.post("/v1/deposit-slips", json={"day": f"2026-02-{day}"}, headers=self.treasurer(**who)).json
        path = f"/v1/deposit-slips/{slip['id']}/deposit"
        assert self.treasury.act(path, self.treasurer(**who), {"bank_reference": "SETOR"}).status_code == 200
        return str(slip["id"])

    def close(self, day: int, sub: str = "ppk", *roles: str, acting_for: tuple[str, ...] = ()) -> Any:
        who = self.treasurer(sub, *(roles or ("cashbook-closer",)), acting_for=acting_for)
        return self.treasury.client.post(f"/v1/days/2026-02-{day}/closing", headers=who)


@pytest.fixture
def evenings(treasury: Any, clock: Any, issuer: Any) -> Evenings:
    return Evenings(treasury, clock, issuer)


@pytest.fixture
def sealed(evenings: Evenings, run_due: Any) -> Evenings:
    """Two days, each closed and sealed."""
    for day in (12, 13):
        evenings.book(day)
        evenings.deposit(day)
        assert evenings.close(day).status_code == 200
        assert "failed" not in run_due()
    return evenings


def problem(answer: Any) -> str:
    return str(answer.json.get("type", answer.status_code)).removeprefix("/problems/")


def test_closing_is_told_in_its_commit_and_the_day_is_sealed_after_it(evenings: Evenings, session: Session, run_due: Any) -> None:
    evenings.book(12)
    evenings.deposit(12)
    assert evenings.close(12).json["closed"] is True
    (told,) = evenings.treasury.told("finance-sts.day.closed.v1")
    assert (told["data"]["day"], told["data"]["received"], told["data"]["deposited"]) == ("2026-02-12", 100_000, 100_000)
    unsealed = session.execute(sa.text("SELECT seal FROM closed_day")).scalar_one()
    assert unsealed is None
    assert "failed" not in run_due()
    session.rollback()
    entries, seal = session.execute(sa.text("SELECT entries, seal FROM closed_day")).one()
    assert (entries, len(seal)) == (2, 32)


def test_no_payment_waits_for_the_chain_while_a_day_is_being_sealed(evenings: Evenings, database: Database, run_due: Any) -> None:
    evenings.book(12)
    evenings.deposit(12)
    assert evenings.close(12).status_code == 200
    with ThreadPoolExecutor(1) as pool, database.session() as sealing:
        day = sealing.execute(sa.text("SELECT id FROM closed_day")).scalar_one()
        seal_day(sealing, str(day), city_clock.now())
        held = sa.text(
            "SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'closed_day'::regclass AND mode = 'RowExclusiveLock'"
        )
        assert sealing.scalar(held) == 1  # it is written, and not committed
        pool.submit(evenings.book, 13).result(30)
        sealing.commit()
    assert (set(run_due()), evenings.treasury.balanced()["1.1.01.02.01.0001"]) == ({"done"}, 100_000)


def test_each_seal_covers_the_one_before(sealed: Evenings, session: Session) -> None:
    first, second = session.execute(sa.text("SELECT previous, seal FROM closed_day ORDER BY day")).all()
    assert (first.previous, second.previous) == (b"", first.seal)
    assert first_broken(session, OFFICE) is None


@pytest.mark.parametrize(
    ("change", "day"),
    [
        ("UPDATE ledger_line SET account_code = '4.9' WHERE entry_id = (SELECT id FROM ledger_entry WHERE day = '2026-02-12' LIMIT 1)", 12),
        ("UPDATE ledger_entry SET cause = 'other' WHERE id = (SELECT max(id::text)::uuid FROM ledger_entry)", 13),
        ("DELETE FROM ledger_line WHERE entry_id = (SELECT id FROM ledger_entry WHERE day = '2026-02-13' LIMIT 1)", 13),
        ("UPDATE ledger_entry SET day = '2026-02-13' WHERE day = '2026-02-12'", 12),
        ("UPDATE closed_day SET seal = sha256('forged') WHERE day = '2026-02-12'", 12),
        ("DELETE FROM closed_day WHERE day = '2026-02-12'", 13),
    ],
)
def test_what_is_changed_behind_the_back_of_the_database_is_named_by_its_day(
    sealed: Evenings, session: Session, change: str, day: int
) -> None:
    session.execute(sa.text("SET LOCAL session_replication_role = replica"))  # a superuser, with no trigger in the way
    session.execute(sa.text(change))
    session.commit()
    assert first_broken(session, OFFICE) == date(2026, 2, day)
    assert list(broken_seals(session)) == [f"the books of {OFFICE} are not those that were sealed on 2026-02-{day}"]


def test_an_entry_slipped_in_before_a_sealed_day_is_seen_too(sealed: Evenings, session: Session) -> None:
    session.execute(sa.text("SET LOCAL session_replication_role = replica"))
    session.execute(sa.text(
        "INSERT INTO ledger_entry (id, at, day, office, cause, total) VALUES (gen_random_uuid(), now(), '2026-02-10', 'DPMPTSP', 'x', 5)"
    ))  # fmt: skip
    session.commit()
    assert first_broken(session, OFFICE) == date(2026, 2, 12)


def test_books_whose_sides_differ_are_measured(sealed: Evenings, session: Session) -> None:
    long_after = datetime(2026, 6, 1, tzinfo=UTC)
    assert imbalance(session, long_after) == 0
    session.execute(sa.text("SET LOCAL session_replication_role = replica"))
    entry = "INSERT INTO ledger_entry (id, at, day, office, cause, total) VALUES (:id, '2026-05-01', '2026-05-01', 'DPMPTSP', 'x', 5)"
    session.execute(sa.text(entry), values := {"id": uuid4()})
    session.execute(sa.text("INSERT INTO ledger_line (entry_id, line, account_code, debit, credit) VALUES (:id, 1, '1.1', 5, 0)"), values)
    session.commit()
    assert imbalance(session, long_after) == 5


def test_the_money_at_rest_is_as_it_must_be_and_what_is_not_is_found(sealed: Evenings, session: Session) -> None:
    found = {name: look(session) for name, look in INVARIANTS.items()}
    assert all(seen > 0 and wrong == [] for seen, wrong in found.values()), found
    for wrong in (
        "SET LOCAL session_replication_role = replica",
        "ALTER TABLE bill DROP CONSTRAINT ck_bill_amounts, DROP CONSTRAINT ck_bill_paid_in_full",
        "ALTER TABLE payment DROP CONSTRAINT uq_payment_bank_bank_reference",
        "UPDATE ledger_line SET debit = debit + 1 WHERE debit > 0",
        "UPDATE payment SET bank_reference = 'same'",
        "UPDATE bill SET paid_total = total + 1",
        "UPDATE deposit_slip SET total = total - 5",
    ):
        session.execute(sa.text(wrong))
    for name, look in INVARIANTS.items():
        assert look(session)[1], name


def test_days_are_closed_in_their_order(evenings: Evenings) -> None:
    for day in (12, 13):
        evenings.book(day)
        evenings.deposit(day)
    refused = evenings.close(13)
    assert (refused.status_code, problem(refused)) == (409, "earlier-day-open")
    assert evenings.close(12).status_code == evenings.close(13).status_code == 200
    assert problem(evenings.close(11)) == "day-closed"


def test_no_deputy_of_who_had_the_money_in_hand_closes_the_day_nor_who_took_it_in_another_s_name(evenings: Evenings) -> None:
    evenings.book(12, sub="plh", acting_for=("bendahara",))
    evenings.deposit(12, sub="pembantu")
    for sub, acting_for in (("ppk", ("pembantu",)), ("bendahara", ()), ("ppk", ("bendahara",)), ("plh", ())):
        assert problem(evenings.close(12, sub, acting_for=acting_for)) == "same-person-twice", sub
    assert evenings.close(12).status_code == 200


def test_the_closer_of_the_books_is_no_treasurer(evenings: Evenings) -> None:
    evenings.book(12)
    evenings.deposit(12)
    assert problem(evenings.close(12, "both", "cashbook-closer", "treasurer")) == "closer-is-treasurer"


def test_who_had_the_money_in_hand_does_not_say_what_arrived_nor_does_their_deputy(evenings: Evenings) -> None:
    evenings.book(12)
    slip = evenings.deposit(12, sub="plh", acting_for=("bendahara",))
    note = {"credit_note": "NK-1", "amount": 100_000}
    for sub, acting_for in (("plh", []), ("bendahara", []), ("kuasa-bud", ["bendahara"])):
        token = evenings.issuer.token(sub, "head", office="BKAD", acting_for=acting_for)
        answer = evenings.treasury.act(f"/v1/deposit-slips/{slip}/validation", {"Authorization": f"Bearer {token}"}, note)
        assert problem(answer) == "same-person-twice", sub
    assert evenings.treasury.act(f"/v1/deposit-slips/{slip}/validation", evenings.treasury.head(), note).status_code == 200
