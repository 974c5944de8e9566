"""Bills come from what another service has assessed; the newest assessment is in force."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from finance_sts.model.bill import Bill, BillStatus, heads_of
from finance_sts.model.bill_queries import interest_of, open_of
from finance_sts.model.charge import Charge, lock_charge
from finance_sts.model.facts import Reference
from finance_sts.model.payment import newest_of, paid_on
from finance_sts.rules.apportion import scale
from finance_sts.rules.interest import interest_on_parts
from finance_sts.use_cases import objection_clock, refunds, tables
from finance_sts.use_cases.issuing import issue, stop_clocks
from smartcity.calendar import day_of
from smartcity.errors import NotYet
from smartcity.storage import get


@dataclass(frozen=True)
class Payer:
    sub: str
    name: str
    address: str


@dataclass(frozen=True)
class Assessed:
    """A charge as another service fixed it: total and heads in whole rupiah, `sequence` of the fact, the kecamatan it lies in."""

    reference: Reference
    payer: Payer
    heads: Sequence[tuple[str, int]]
    total: int
    due_rule: str
    sequence: int
    kecamatan_code: str | None = None

    def check(self) -> None:
        """Heads add up and are in the chart; raises `ValueError` or `LookupError`, for a person to look at."""
        if sum(amount for _, amount in self.heads) != self.total:
            raise ValueError("the heads do not add up to the total")
        for code, _ in self.heads:
            tables.account(code)


def locked(session: Session, bill_id: UUID) -> Bill:
    """The bill as it is now, locked, and its charge before it: the order in which payments lock them. Raises `NotFound`."""
    lock_charge(session, get(session, Bill, bill_id).reference)
    return session.get_one(Bill, bill_id, with_for_update=True, populate_existing=True)


def charge_assessed(session: Session, assessed: Assessed, now: datetime) -> None:
    """Bill what is owed beyond what has come in; cancel and replace an open bill; give back what is too much.

    Money that came in on a bill not yet covered is carried over to the bill that replaces it.
    """
    assessed.check()
    charge = lock_charge(session, assessed.reference)
    if not charge.newer(assessed.sequence):
        return
    charge.assessed = assessed.total
    why = (f"reassessed:{assessed.sequence}", "reassessed")
    put_in_force(session, charge, partial(_draft, assessed, now), why, now)


def put_in_force(session: Session, charge: Charge, draft: Callable[[int], Bill], why: tuple[str, str], now: datetime) -> None:
    """What the charge is assessed at holds: `draft` makes the bill of what is still owed, if anything is.

    `why`: cause (unique, of money that goes back) and reason code of the open bill that is replaced.
    """
    old = open_of(session, charge)
    in_hand = old.paid_total if old else 0
    owed = charge.assessed - (charge.received - in_hand)
    new = draft(owed) if owed > 0 else None
    if old is not None:
        if new is not None:
            new.arose_on = old.arose_on  # a debt is not younger for being fixed anew
        _cancel(session, old, why[1], now, new.id if new else None)
        session.flush()  # the open bill must be gone before its successor comes
    too_much = charge.received - charge.assessed
    if too_much > 0:
        refunds.ask_back(session, charge, too_much, why, now)
    if new is not None:
        issue(session, new, now)
        if in_hand:
            _carry(session, charge, new, min(in_hand, owed), now)
        session.add(new)
    if old is not None or too_much > 0:
        _interest_follows(session, charge, why, now)


def _interest_follows(session: Session, charge: Charge, why: tuple[str, str], now: datetime) -> None:
    """What is not owed bears no interest: what was claimed or paid beyond that on late money that stays is taken back.

    A claim that was written off is not made anew.
    """
    session.flush()
    for bill, interest in session.execute(interest_of(charge)).all():
        left, demand = _borne_by_what_stays(session, bill), open_of(session, interest)
        if left < interest.assessed:
            interest.assessed = left if demand else min(left, interest.received)
            draft = partial(successor, demand, now, due_on=demand.due_on) if demand else _draft_nothing
            put_in_force(session, interest, draft, why, now)


def _borne_by_what_stays(session: Session, bill: Bill) -> int:
    """Interest on what came in late on a bill and was not asked back, where it still counts as late: for a successor due on the same day too.

    What is owed on a successor and not paid yet bears its interest there, from that day on.
    """
    last = bill
    while last.replaced_by is not None:
        last = session.get_one(Bill, last.replaced_by)
    if last.status is BillStatus.CANCELLED or last.due_on != bill.due_on:
        return 0
    kept = [(payment.refundable, day_of(payment.paid_at)) for payment in session.scalars(paid_on(bill.id))]
    return interest_on_parts(tables.interest_rule(bill.due_on), bill.due_on, kept)


def _carry(session: Session, charge: Charge, bill: Bill, amount: int, now: datetime) -> None:
    last = newest_of(session, charge)
    bill.carry(amount, last.receipt, charge.received, now)
    if not bill.is_open:
        stop_clocks(session, bill, now)


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
    why = (f"withdrawn:{bill.id}", reason_code)
    if bill.paid_total:
        refunds.ask_back(session, charge, bill.paid_total, why, now, first=bill.id)
    _interest_follows(session, charge, why, now)


def payment_not_usable(session: Session, reference: Reference, bill_id: UUID, amount: int, why: tuple[str, datetime]) -> None:
    """The charging service cannot use what was paid on a bill: it was not owed, and goes back with its interest, once however often it is told.

    `why`: reason code and moment. Raises `NotYet` while the bill is not known.
    """
    charge, cause = lock_charge(session, reference), f"not-usable:{bill_id}"
    if session.get(Bill, bill_id) is None:
        raise NotYet(f"bill {bill_id} is not in the register")
    if not refunds.was_asked_back(session, cause):
        refunds.ask_back(session, charge, min(amount, charge.received), (cause, why[0]), why[1], first=bill_id)
        _interest_follows(session, charge, (cause, why[0]), why[1])


def _draft(assessed: Assessed, now: datetime, amount: int) -> Bill:
    office = tables.collecting_office(assessed.reference.service, assessed.reference.kind, day_of(now))
    shares = scale(amount, [weight for _, weight in assessed.heads])
    heads = [(code, part) for (code, _), part in zip(assessed.heads, shares, strict=True) if part]
    return Bill(
        office=office, payer_sub=assessed.payer.sub, payer_name=assessed.payer.name, payer_address=assessed.payer.address,
        ref_service=assessed.reference.service, ref_kind=assessed.reference.kind, ref_id=assessed.reference.id, total=amount,
        due_rule=assessed.due_rule, heads=heads_of(heads), updated_at=now,
        kecamatan_code=assessed.kecamatan_code,
    )  # fmt: skip


def successor(bill: Bill, now: datetime, owed: int, *, due_on: date | None) -> Bill:
    """A bill over `owed` for the same thing, head by head in proportion; `due_on` where it falls due on a day of its own.

    It names a bill that is still open as the one it replaces.
    """
    heads = zip((head.account_code for head in bill.heads), scale(owed, [head.amount for head in bill.heads]), strict=True)
    new = Bill(
        office=bill.office, payer_sub=bill.payer_sub, payer_name=bill.payer_name, payer_address=bill.payer_address, payer_no=bill.payer_no,
        ref_service=bill.ref_service, ref_kind=bill.ref_kind, ref_id=bill.ref_id, total=owed, due_rule=bill.due_rule,
        heads=heads_of([(code, amount) for code, amount in heads if amount]), period_from=bill.period_from, period_to=bill.period_to,
        kecamatan_code=bill.kecamatan_code, replaces=bill.id if bill.is_open else None, updated_at=now,
    )  # fmt: skip
    if due_on is not None:
        new.due_on = due_on
    return new


def cancel_bill(session: Session, bill: Bill, reason_code: str, now: datetime) -> Bill:
    """A person cancels an unpaid bill, with a reason of the table."""
    bill.must_be_unpaid()
    _cancel(session, bill, tables.must_be_reason("bill_cancelled", reason_code), now)
    _interest_follows(session, lock_charge(session, bill.reference), (f"cancelled:{bill.id}", reason_code), now)
    return bill


def _cancel(session: Session, bill: Bill, reason_code: str, now: datetime, replaced_by: UUID | None = None) -> None:
    bill.cancel(reason_code, now, replaced_by)
    stop_clocks(session, bill, now)
    objection_clock.lapse(session, bill, now)


def _draft_nothing(owed: int) -> Bill:
    raise ValueError(f"{owed} is owed though nothing is assessed")
