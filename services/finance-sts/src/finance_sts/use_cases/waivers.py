"""Relief, exemption and write-off: asked by one person, decided by another; the register and the books stay honest.

The city gives up only what it charges itself: what another service assesses is reduced there, and its next word bills anew.
The bill is locked, and its charge before it.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from finance_sts.model.bill import NOBODY, Bill
from finance_sts.model.charge import lock_charge
from finance_sts.model.waiver import Waiver, WaiverKind, WaiverStatus
from finance_sts.use_cases import objection_clock, payer_requests, tables
from finance_sts.use_cases.billing import put_in_force, successor
from finance_sts.use_cases.drafts import must_be_by_hand, must_be_ours
from finance_sts.use_cases.issuing import stop_clocks
from smartcity import duties
from smartcity.calendar import day_of
from smartcity.errors import InputWrong, NotFound, RuleBroken
from smartcity.http import Actor
from smartcity.money import rupiah
from smartcity.storage import get

ASK = "ask"
RELIEFS = (WaiverKind.RELIEF, WaiverKind.EXEMPTION)


def ask_relief(session: Session, bill: Bill, actor: Actor, asked: Mapping[str, Any], now: datetime) -> Waiver:
    """Ask for a relief of `amount` or `percent` of the bill, or (neither) to be exempted from it.

    Raises `InputWrong` (`reason_code`, both given) and `RuleBroken`: `bill-charged-elsewhere`, `bill-not-open`,
    `demand-not-changeable` (an STRD is given up whole), `relief-exceeds-owed`, `waiver-waiting`.
    """
    tables.must_be_reason("relief_asked", asked["reason_code"])
    amount, percent = asked.get("amount"), asked.get("percent")
    if amount is not None and percent is not None:
        raise InputWrong({"percent": ["amount-or-percent"]})
    if percent is not None:
        amount = rupiah(bill.total * percent / Decimal(100))
    must_be_ours(bill)
    bill.must_be_open()
    if amount is None:
        return _asked(session, bill, actor, (WaiverKind.EXEMPTION, bill.total, asked["reason_code"]), now)
    must_be_by_hand(bill)
    _must_leave_something(bill, amount)
    return _asked(session, bill, actor, (WaiverKind.RELIEF, amount, asked["reason_code"]), now)


def propose_write_off(session: Session, bill: Bill, actor: Actor, reason_code: str, now: datetime) -> Waiver:
    """Propose to give up what is still owed: because the limitation has run (`limitation`), or by a decree (`decree`).

    Raises `InputWrong` (`reason_code`) and `RuleBroken`: `bill-charged-elsewhere`, `bill-not-open`, `bill-not-time-barred`,
    `waiver-waiting`.
    """
    must_be_ours(bill)
    bill.must_be_open()
    if tables.must_be_reason("write_off", reason_code) == "limitation":
        bill.must_be_barred()
    return _asked(session, bill, actor, (WaiverKind.WRITE_OFF, bill.outstanding, reason_code), now)


def _asked(session: Session, bill: Bill, actor: Actor, what: tuple[WaiverKind, int, str], now: datetime) -> Waiver:
    kind, amount, reason_code = what
    waiver = Waiver(
        bill_id=bill.id, office=bill.office, kind=kind, amount=amount, reason_code=reason_code, asked_by=actor.sub, asked_at=now,
        owner_sub=bill.owner_sub if kind in RELIEFS else NOBODY, decide_by=payer_requests.decide_by(now),
    )  # fmt: skip
    session.add(waiver)
    session.flush()
    duties.done(session, actor, waiver.id, ASK, now)
    return waiver


def _must_leave_something(bill: Bill, amount: int) -> None:
    if not 0 < amount < bill.outstanding:
        raise RuleBroken("relief-exceeds-owed", outstanding=bill.outstanding)


def of_bill(session: Session, bill: Bill, waiver_id: UUID, kinds: tuple[WaiverKind, ...]) -> Waiver:
    """The waiver of that bill, locked; raises `NotFound`."""
    waiver = get(session, Waiver, waiver_id, lock=True)
    if waiver.bill_id != bill.id or waiver.kind not in kinds:
        raise NotFound()
    return waiver


def decide(session: Session, waiver: Waiver, actor: Actor, decided: Mapping[str, Any], now: datetime) -> Waiver:
    """Grant by `decision_no`, or refuse with `refusal_code`: not who asked, nor a deputy on either side.

    Raises `InputWrong` and `RuleBroken`: `waiver-not-decidable`, `same-person-twice`, `relief-exceeds-owed`, `bill-not-open`.
    """
    if waiver.status is WaiverStatus.LAPSED:
        session.get_one(Bill, waiver.bill_id).must_be_open()  # says what it lapsed with
    waiver.must_be_requested()
    duties.must_be_another(session, actor, waiver.id, ASK, code="same-person-twice")
    given = [name for name in ("decision_no", "refusal_code") if decided.get(name) is not None]
    if len(given) != 1:
        raise InputWrong({"decision_no": ["grant-or-refuse"]})
    if given == ["refusal_code"]:
        waiver.refuse(actor.sub, tables.must_be_reason("waiver_refused", decided["refusal_code"]), now)
        return waiver
    _grant(session, waiver, actor, decided["decision_no"], now)
    return waiver


def _grant(session: Session, waiver: Waiver, actor: Actor, decision_no: str, now: datetime) -> None:
    bill = session.get_one(Bill, waiver.bill_id)
    bill.must_be_open()
    if waiver.kind is WaiverKind.RELIEF:
        _must_leave_something(bill, waiver.amount)
    basis = waiver.grant(actor.sub, decision_no, now)
    if waiver.kind is WaiverKind.WRITE_OFF:
        bill.write_off(basis, now)
        stop_clocks(session, bill, now)
        objection_clock.lapse(session, bill, now)
        return
    charge = lock_charge(session, bill.reference)
    charge.assessed -= waiver.amount
    rest = partial(successor, bill, now, due_on=_due_on(waiver, bill, now))
    put_in_force(session, charge, rest, (f"waiver:{waiver.id}", f"{waiver.kind}-granted"), now)


def _due_on(waiver: Waiver, bill: Bill, now: datetime) -> date | None:
    """When what remains falls due: as the bill did, but anew by its rule where the payer asked in time and the city answered late."""
    return None if day_of(waiver.asked_at) <= bill.due_on < day_of(now) else bill.due_on
