"""Bills come from what another service has assessed; the newest assessment is in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill, BillHead, open_of
from finance_sts.model.charge import Charge, lock_charge
from finance_sts.model.facts import Reference
from finance_sts.model.payment import newest_of
from finance_sts.rules import qris, virtual_account
from finance_sts.rules.apportion import scale
from finance_sts.rules.due_dates import due_on
from finance_sts.use_cases import refunds, tables
from smartcity import documents, due
from smartcity.calendar import day_of, end_of_day
from smartcity.storage import get, next_number, uuid7

OVERDUE = "bill_overdue"


@dataclass(frozen=True)
class Payer:
    sub: str
    name: str
    address: str


@dataclass(frozen=True)
class Assessed:
    """A charge as another service fixed it: total and heads in whole rupiah, `sequence` of the fact."""

    reference: Reference
    payer: Payer
    heads: Sequence[tuple[str, int]]
    total: int
    due_rule: str
    sequence: int

    def check(self) -> None:
        """Heads add up and are in the chart; raises `ValueError` or `LookupError`, for a person to look at."""
        if sum(amount for _, amount in self.heads) != self.total:
            raise ValueError("the heads do not add up to the total")
        for code, _ in self.heads:
            tables.account(code)


def charge_assessed(session: Session, assessed: Assessed, now: datetime) -> None:
    """Bill what is owed beyond what has come in; cancel and replace an open bill; give back what is too much.

    Money that came in on a bill not yet covered is carried over to the bill that replaces it.
    """
    assessed.check()
    charge = lock_charge(session, assessed.reference)
    if not charge.newer(assessed.sequence):
        return
    charge.assessed = assessed.total
    old = open_of(session, charge)
    in_hand = old.paid_total if old else 0
    owed = assessed.total - (charge.received - in_hand)
    new_id = uuid7() if owed > 0 else None
    if old is not None:
        _cancel(session, old, "reassessed", now, new_id)
        session.flush()  # the open bill must be gone before its successor comes
    if charge.received > assessed.total:
        refunds.ask_back(session, charge, charge.received - assessed.total, (f"reassessed:{assessed.sequence}", "reassessed"), now)
    if new_id is not None:
        new = issue_bill(session, new_id, assessed, owed, now)
        if in_hand:
            _carry(session, charge, new, min(in_hand, owed), now)
        session.add(new)


def _carry(session: Session, charge: Charge, bill: Bill, amount: int, now: datetime) -> None:
    last = newest_of(session, charge)
    bill.carry(amount, last.receipt, charge.received, now)
    if not bill.is_open:
        due.cancel(session, OVERDUE, str(bill.id))


def charge_withdrawn(session: Session, reference: Reference, sequence: int, reason_code: str, now: datetime) -> None:
    """Nothing is owed any more: the open bill is cancelled and what came in on it goes back.

    Money of covered bills waits for the charging service's own word.
    """
    charge = lock_charge(session, reference)
    if not charge.newer(sequence):
        return
    charge.assessed = 0
    bill = open_of(session, charge)
    if bill is None:
        return
    _cancel(session, bill, reason_code, now)
    if bill.paid_total:
        refunds.ask_back(session, charge, bill.paid_total, (f"withdrawn:{bill.id}", reason_code), now, first=bill.id)


def issue_bill(session: Session, ident: UUID, assessed: Assessed, amount: int, now: datetime) -> Bill:
    """A bill (SKRD) with number, due date, virtual account and QRIS, told in this commit; to be added by the caller."""
    today = day_of(now)
    office = tables.collecting_office(assessed.reference.service, assessed.reference.kind, today)
    last_day = due_on(tables.due_rule(assessed.due_rule, today), today)
    code = documents.promise(session, "bill", ident)
    due.schedule(session, OVERDUE, str(ident), end_of_day(last_day) + timedelta(seconds=1))
    number, account_no = _numbers(session, office, today)
    label = number if len(number) <= qris.LONGEST_LABEL else account_no.strip()[-qris.LONGEST_LABEL :]
    bill = Bill(
        id=ident, number=number, office=office, owner_sub=assessed.payer.sub, payer_name=assessed.payer.name,
        payer_address=assessed.payer.address, ref_service=assessed.reference.service, ref_kind=assessed.reference.kind,
        ref_id=assessed.reference.id, total=amount, due_on=last_day, issued_at=now, updated_at=now, virtual_account_no=account_no.strip(),
        qris_payload=qris.dynamic_payload(tables.merchant_on(today), amount, label), verify_code=code, heads=_heads(assessed, amount),
    )  # fmt: skip
    bill.tell_issue()
    return bill


def _heads(assessed: Assessed, amount: int) -> list[BillHead]:
    amounts = scale(amount, [weight for _, weight in assessed.heads])
    kept = [(code, part) for (code, _), part in zip(assessed.heads, amounts, strict=True) if part]
    return [BillHead(line=n, account_code=code, amount=part) for n, (code, part) in enumerate(kept, 1)]


def _numbers(session: Session, office: str, today: date) -> tuple[str, str]:
    """The bill's number in its office's series, and a virtual account in the year's series of all offices."""
    year = str(today.year)
    serial = next_number(session, "virtual-account", "*", year)
    account_no = virtual_account.account_no(tables.partner_on(today).partner_service_id, virtual_account.customer_no(today.year, serial))
    return f"SKRD/{office}/{year}/{next_number(session, 'bill', office, year):06}", account_no


def cancel_bill(session: Session, bill: Bill, reason_code: str, now: datetime) -> Bill:
    """A person cancels an unpaid bill, with a reason of the table."""
    bill.must_be_unpaid()
    _cancel(session, bill, tables.must_be_reason("bill_cancelled", reason_code), now)
    return bill


def _cancel(session: Session, bill: Bill, reason_code: str, now: datetime, replaced_by: UUID | None = None) -> None:
    bill.cancel(reason_code, now, replaced_by)
    due.cancel(session, OVERDUE, str(bill.id))


def fall_overdue(session: Session, subject: str, now: datetime) -> None:
    """Due work: the due date has passed."""
    get(session, Bill, UUID(subject), lock=True).fall_overdue()
