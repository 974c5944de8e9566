"""The bank's lines compared with the books, day by day; what does not match is for a person to explain."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model import reconciliation_queries as queries
from finance_sts.model.bank_statement import BankLine, BankStatement
from finance_sts.model.deposit_slip import DepositSlip
from finance_sts.model.reconciliation import Finding, FindingStep, Outcome, Reconciliation, ReconciliationStatus
from finance_sts.rules.banking_days import window
from finance_sts.use_cases import tables
from finance_sts.use_cases.bank_accounts import account_numbered, accounts_of
from finance_sts.use_cases.bank_statements import LOAD
from smartcity import duties
from smartcity.calendar import ONE, start_of_day
from smartcity.errors import NotFound
from smartcity.http import Actor
from smartcity.storage import get

LOOK_AGAIN = "reconciliation.look_again"


def look_again(session: Session, subject: str, now: datetime) -> None:
    """Due work, when a day (`OFFICE/DAY`) was closed or a slip of it validated: what the bank has already told is compared anew."""
    office, _, text = subject.rpartition("/")
    for account in accounts_of(office, day := date.fromisoformat(text)):
        told = sa.select(BankStatement.id).where(BankStatement.account == account, BankStatement.closed_on >= day)
        statement = session.scalar(told.order_by(BankStatement.closed_on, BankStatement.id).limit(1))
        if statement is not None:
            compare(session, str(statement), now)


def compare(session: Session, subject: str, now: datetime) -> None:
    """Compare a statement (its id) with the books, and what is still open of its account; run again it changes nothing.

    Runs over one account follow one another.
    """
    statement = get(session, BankStatement, UUID(subject))
    session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"reconcile {statement.account}"})
    account = account_numbered(statement.account, statement.closed_on)
    told_until = session.scalars(sa.select(sa.func.max(BankStatement.closed_on)).where(BankStatement.account == account.number)).one()
    about = {"statement": statement.id, "account": account.number, "bank": account.bank, "office": account.office}
    queries.gather(session, account.holds, {**about, **days_told(session, statement)})
    found = queries.compare(session, account.office, told_until)
    queries.keep(session, statement.id, {key: _open_day(session, *key).id for key in found}, now)
    statement.matched_at = statement.matched_at or now
    conclude(session, queries.ready(), now)


def days_told(session: Session, statement: BankStatement) -> dict[str, Any]:
    """The days whose bookings may stand on the statement, each with its window; from where the statement before it ended."""
    before = sa.select(sa.func.max(BankStatement.closed_on)).where(
        BankStatement.account == statement.account, BankStatement.closed_on < statement.closed_on
    )
    lines = sa.select(sa.func.min(BankLine.value_date), sa.func.max(BankLine.value_date)).where(BankLine.statement_id == statement.id)
    known = [statement.opened_on, statement.closed_on, session.scalar(before), *session.execute(lines).one()]
    first, last = window(min(day for day in known if day))[0], window(max(day for day in known if day))[1]
    days = [first + n * ONE for n in range((last - first).days + 1)]
    windows = [window(day) for day in days]
    return {
        "first": first, "last": last, "begin": start_of_day(first), "end": start_of_day(last + ONE),
        "days": days, "earliest": [one[0] for one in windows], "latest": [one[1] for one in windows],
    }  # fmt: skip


def _open_day(session: Session, office: str, day: date) -> Reconciliation:
    """The reconciliation of the day, or of the next that is still open; made where there is none yet."""
    while True:
        found = session.scalar(sa.select(Reconciliation).where(Reconciliation.office == office, Reconciliation.day == day))
        if found is None:
            found = Reconciliation(office=office, day=day)
            session.add(found)
            session.flush()
        if found.status is ReconciliationStatus.OPEN:
            return found
        day += ONE


def conclude(session: Session, ready: sa.Select[Any], now: datetime) -> None:
    """The days on which nothing is open, and of which the bank has told everything, are reconciled, and their slips with them.

    Who looks comes one after the other: of two statements that are compared at once, the second sees what the first has shown.
    """
    session.flush()
    session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended('reconcile: conclude', 0))"))
    for one in session.scalars(ready.with_for_update(of=Reconciliation)).all():
        if not all(queries.told_through(session, account, one.day) for account in accounts_of(one.office, one.day)):
            continue
        for slip in session.scalars(sa.select(DepositSlip).where(DepositSlip.office == one.office, DepositSlip.day == one.day)):
            slip.reconcile()
        matched = sa.select(sa.func.count()).where(Finding.reconciliation_id == one.id, Finding.outcome == Outcome.MATCHED)
        one.conclude(session.scalars(matched).one(), now)


def unexplained(session: Session, now: datetime) -> float:
    """Findings of all days that wait for a person."""
    return float(session.scalar(sa.select(sa.func.count()).select_from(Finding).where(Finding.open)) or 0)


def findings(reconciliation: Reconciliation, outcome: Outcome | None, open_only: bool) -> sa.Select[Any]:
    """The findings of a day: all, of one outcome, or those that wait for a person."""
    query = sa.select(Finding).where(Finding.reconciliation_id == reconciliation.id)
    query = query if outcome is None else query.where(Finding.outcome == outcome)
    return query.where(Finding.open) if open_only else query


def steps(reconciliation: Reconciliation, finding_id: int) -> sa.Select[Any]:
    """What was done about a finding of the day."""
    return sa.select(FindingStep).join(Finding).where(Finding.id == finding_id, Finding.reconciliation_id == reconciliation.id)


def counted(session: Session, one: Reconciliation) -> dict[str, Any]:
    """The day with how many findings of each outcome it has, and how many of them wait for a person."""
    mine = Finding.reconciliation_id == one.id
    query = sa.select(Finding.outcome, sa.func.count(), sa.func.count().filter(Finding.open)).where(mine).group_by(Finding.outcome)
    rows = session.execute(query.order_by(Finding.outcome))
    outcomes = [{"outcome": outcome.value, "count": count, "open": waiting} for outcome, count, waiting in rows]
    known = {"id": one.id, "office": one.office, "day": one.day, "status": one.status.value, "reconciled_at": one.reconciled_at}
    return {**known, "outcomes": outcomes}


def resolve(session: Session, reconciliation: Reconciliation, actor: Actor, why: dict[str, Any], now: datetime) -> None:
    """A person says why bank and books differ; another than who brought the statement, also by a deputy.

    `why`: finding, reason_code, note. Raises `NotFound`, `finding-not-open`, `same-person-twice`.
    """
    finding = get(session, Finding, why["finding"], lock=True)
    if finding.reconciliation_id != reconciliation.id:
        raise NotFound()
    duties.must_be_another(session, actor, finding.found_in, LOAD, code="same-person-twice")
    reason = tables.must_be_reason("finding_resolved", why["reason_code"])
    session.add(reconciliation.resolve(finding, actor.sub, (reason, why["note"]), now))
    conclude(session, queries.ready().where(Reconciliation.id == reconciliation.id), now)
