"""A bill by hand: an officer prepares it, the head of the office issues it (SKRD), and its number is given only then.

What such a bill charges for is its own: reference `finance-sts`, `retribution`. A bill that corrects another keeps the reference.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from finance_sts.model.bill import NOBODY, Bill, heads_of
from finance_sts.model.charge import lock_charge
from finance_sts.use_cases import tables
from finance_sts.use_cases.billing import put_in_force
from smartcity import duties, regions
from smartcity.calendar import day_of
from smartcity.errors import InputWrong, NotFound, RuleBroken
from smartcity.http import Actor
from smartcity.storage import uuid7

OURS = ("finance-sts", "retribution")
PREPARE = "prepare"
ISSUE = "issue"


def prepare(session: Session, actor: Actor, asked: Mapping[str, Any], now: datetime) -> Bill:
    """A draft from an officer's words (`payer`, `heads`, `due_rule`, `period_from`, `period_to`, `kecamatan_code`, `replaces`, `reason_code`).

    Raises `InputWrong` (account, due rule, period, kecamatan, reason) and `RuleBroken`: `office-not-collecting`, `bill-charged-elsewhere`,
    `demand-not-changeable`, `bill-not-open`.
    """
    today = day_of(now)
    if not actor.office or not tables.collects(actor.office, today):
        raise RuleBroken("office-not-collecting", office=actor.office or "")
    _must_be_known(asked, today)
    ident, payer = uuid7(), asked["payer"]
    old = _replaced(session, actor, asked)
    heads = [(head["account_code"], head["amount"]) for head in asked["heads"]]
    bill = Bill(
        id=ident, office=actor.office, payer_sub=payer.get("sub", NOBODY), payer_name=payer["name"], payer_address=payer["address"],
        payer_no=payer.get("payer_no"), ref_service=OURS[0], ref_kind=OURS[1], ref_id=old.ref_id if old else ident,
        total=sum(amount for _, amount in heads), heads=heads_of(heads), due_rule=asked["due_rule"], period_from=asked.get("period_from"),
        period_to=asked.get("period_to"), kecamatan_code=asked.get("kecamatan_code"), replaces=old.id if old else None, replace_reason=asked.get("reason_code"), updated_at=now,
    )  # fmt: skip
    session.add(bill)
    duties.done(session, actor, ident, PREPARE, now)
    return bill


def _must_be_known(asked: Mapping[str, Any], today: date) -> None:
    chart, wrong = tables.accounts(), dict[str, Any]()
    unknown = [n for n, head in enumerate(asked["heads"]) if not _takes_revenue(chart.get(head["account_code"]), today)]
    if unknown:
        wrong["heads"] = {str(n): {"account_code": ["account-not-revenue"]} for n in unknown}
    if not tables.has_due_rule(asked["due_rule"], today):
        wrong["due_rule"] = ["due-rule-unknown"]
    first, last = asked.get("period_from"), asked.get("period_to")
    if (first is None) != (last is None) or (first and last and first > last):
        wrong["period_to"] = ["period-wrong"]
    if asked.get("kecamatan_code") is not None and regions.kecamatan(asked["kecamatan_code"]) is None:
        wrong["kecamatan_code"] = ["region-unknown"]
    if wrong:
        raise InputWrong(wrong)


def _takes_revenue(account: tables.Account | None, today: date) -> bool:
    return account is not None and account.takes_revenue_on(today)


def _replaced(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Bill | None:
    if asked.get("replaces") is None:
        return None
    old = session.get(Bill, asked["replaces"])
    if old is None or old.office != actor.office:
        raise NotFound()
    tables.must_be_reason("bill_replaced", asked.get("reason_code") or "")
    must_be_by_hand(old)
    old.must_be_open()
    return old


def is_ours(bill: Bill) -> bool:
    """Is it for what this service charges itself?"""
    return bill.ref_service == OURS[0]


def must_be_ours(bill: Bill) -> None:
    """Raises for a bill of another service's charge: what is owed for it is fixed there, and a change here would be overruled."""
    if not is_ours(bill):
        raise RuleBroken("bill-charged-elsewhere", service=bill.ref_service)


def must_be_by_hand(bill: Bill) -> None:
    """Raises for a bill of another service's charge, and for an STRD: its amount follows the late bill."""
    must_be_ours(bill)
    if bill.is_demand:
        raise RuleBroken("demand-not-changeable")


def issue(session: Session, bill: Bill, actor: Actor, now: datetime) -> Bill:
    """The head of the office fixes what is owed: not who prepared it, nor a deputy on either side. The charge is locked.

    A bill that it replaces is cancelled in the same commit, its money carried over. Raises `bill-not-issuable`,
    `same-person-twice`, and `bill-not-open` where the replaced bill no longer waits for money.
    """
    bill.must_be_draft()
    duties.must_be_another(session, actor, bill.id, PREPARE, code="same-person-twice")
    charge = lock_charge(session, bill.reference)
    charge.assessed += bill.total
    if bill.replaces is not None:
        old = session.get_one(Bill, bill.replaces)
        old.must_be_open()
        charge.assessed -= old.total  # other bills of the charge, as one that an objection added to, stay as they are
    duties.done(session, actor, bill.id, ISSUE, now)
    put_in_force(session, charge, lambda owed: bill, (f"replaced-by:{bill.id}", bill.replace_reason or ""), now)
    return bill
