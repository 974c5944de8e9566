"""A bank's statement comes in: read, believed, kept with all its lines in one transaction; then due work compares it with the books."""

import hashlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.bank_statement import BankLine, BankStatement, Format, copy_lines
from finance_sts.rules.statement import Statement, StatementWrong, must_be_past
from finance_sts.use_cases.bank_accounts import account_numbered
from finance_sts.use_cases.statement_files import read
from smartcity import due, duties
from smartcity.calendar import day_of
from smartcity.errors import RuleBroken
from smartcity.http import Actor

COMPARE = "bank_statement.compare"
LOAD = "load_statement"


def load(session: Session, actor: Actor, content: bytes, mapping: str | None, now: datetime) -> BankStatement:
    """Keep the statement of a file. It is loaded once: the same of the same account again, in whatever form, is `statement-known`.

    Raises `RuleBroken` with the code of what is wrong with the file; then nothing of it is kept.
    """
    try:
        name, found = read(content, mapping)
        account_numbered(found.account, found.closed_on)
        must_be_past(found, day_of(now))
    except StatementWrong as wrong:
        raise RuleBroken(wrong.code, **wrong.facts) from None
    _must_be_new(session, found)
    kept = BankStatement(
        account=found.account, statement_id=found.id, format=Format(name), opening=found.opening, closing=found.closing,
        opened_on=found.opened_on, closed_on=found.closed_on, line_count=len(found.lines), sha256=hashlib.sha256(content).digest(),
        loaded_at=now, loaded_by=actor.sub,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    copy_lines(session, kept.id, found.lines)
    duties.done(session, actor, kept.id, LOAD, now)
    due.schedule(session, COMPARE, str(kept.id), now)
    return kept


def _must_be_new(session: Session, found: Statement) -> None:
    """A bank names its statement otherwise in each form; the same balances of the same day, and a line of the same reference, tell it."""
    session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"load {found.account}"})
    named = next((line.references for line in found.lines if line.references), ())
    of_the_day = (BankStatement.account == found.account, BankStatement.closed_on == found.closed_on)
    balances = (BankStatement.opening == found.opening, BankStatement.closing == found.closing)
    same_line = BankLine.references.overlap(named)
    if session.scalar(sa.select(BankStatement.id).join(BankLine).where(*of_the_day, *balances, same_line).limit(1)):
        raise RuleBroken("statement-known")
