"""A draft becomes a bill (SKRD): with number, due date, virtual account and QRIS, told in the same commit."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill, Terms
from finance_sts.rules import qris, virtual_account
from finance_sts.rules.due_dates import due_on
from finance_sts.use_cases import collection_clock, limitation, payer_requests, tables
from smartcity import documents, due
from smartcity.calendar import ONE, day_of, start_of_day
from smartcity.storage import get, next_number, official_number

OVERDUE = "bill_overdue"


def issue(session: Session, bill: Bill, now: datetime) -> None:
    """Issue a draft; a due date and a day on which the debt arose that it has already are kept.

    Raises `LookupError` where no due rule, bank or QRIS merchant of the tables holds today.
    """
    bill.must_be_draft()
    today = day_of(now)
    last_day = bill.due_on or due_on(tables.due_rule(bill.due_rule or "", today), today)
    code = documents.promise(session, bill.paper, bill.id)
    due.schedule(session, OVERDUE, str(bill.id), start_of_day(last_day + ONE))
    customer = virtual_account.customer_no(today.year, next_number(session, "virtual-account", "*", str(today.year)))
    account_no = virtual_account.account_no(tables.partner_on(today).partner_service_id, customer).strip()
    number = official_number(session, "STRD" if bill.is_demand else "SKRD", bill.office, today.year, bill.paper)
    payload = qris.dynamic_payload(tables.merchant_on(today), bill.total, qris.label(number, account_no))
    limitation.watch(session, bill, bill.arose_on or today)
    bill.issue(Terms(number, last_day, account_no, payload, code), now)
    collection_clock.appoint(session, bill)


def stop_clocks(session: Session, bill: Bill, now: datetime) -> None:
    """It no longer waits for money: nothing falls due any more, and what was asked for it needs no decision."""
    due.cancel_all(session, (OVERDUE, collection_clock.COLLECTION, limitation.LIMITATION), str(bill.id))
    payer_requests.lapse(session, bill, now)


def fall_overdue(session: Session, subject: str, now: datetime) -> None:
    """Due work: the due date has passed."""
    get(session, Bill, UUID(subject), lock=True).fall_overdue()
