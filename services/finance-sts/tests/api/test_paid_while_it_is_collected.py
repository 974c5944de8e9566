"""A bill is paid in the moment in which it is to be collected: the payment waits for nobody, and nobody is reminded of a paid bill."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill
from finance_sts.model.bill_queries import lock_bill
from finance_sts.model.payment import Channel
from finance_sts.service import SERVICE
from finance_sts.use_cases.payments import Incoming, record_payment
from smartcity import clock as city_clock
from smartcity import due

KINDS = ("bill_overdue", "bill_collection", "bill_limitation")
WAITING = sa.text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


def waits(session: Session, run: Future[str | None]) -> None:
    """Until it waits for what the payment holds, or has given way."""
    while not (session.scalar(WAITING) or run.done()):
        session.rollback()


def due_now(database: Any, kind: str, bill: dict[str, Any], now: datetime) -> None:
    with database.transaction() as session:
        session.execute(sa.text("DELETE FROM due"))
        due.schedule(session, kind, bill["id"], now)


@pytest.mark.parametrize("kind", KINDS)
def test_a_payment_waits_for_no_due_work_of_its_bill(treasury: Any, database: Any, session: Session, kind: str) -> None:
    bill, now = treasury.a_bill(), city_clock.now()
    due_now(database, kind, bill, now)
    cash = Incoming("counter", "R-1", bill["total"], Channel.COUNTER_CASH, "bendahara")
    with ThreadPoolExecutor(1) as pool, database.transaction() as paying:
        lock_bill(paying, Bill.id == UUID(bill["id"]))
        met = pool.submit(due.run_next, database.session, SERVICE.due_work, now)
        waits(session, met)
        record_payment(paying, Bill.id == UUID(bill["id"]), cash, now)
        assert met.result() == "later"
    assert due.run_next(database.session, SERVICE.due_work, city_clock.now()) is None
    assert treasury.bills(bill["reference"]["id"])[0]["status"] == "paid"
    assert [treasury.told(f"finance-sts.bill.{word}.v1") for word in ("overdue", "reminded")] == [[], []]
