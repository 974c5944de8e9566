"""The balance of any account at any instant."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from finance_sts.model.ledger_queries import sums
from finance_sts.use_cases import tables
from finance_sts.use_cases.listings import sees_all
from smartcity.http import Actor


def imbalance(session: Session, now: datetime) -> float:
    """Debits and credits of all books apart from each other, rupiah: anything but nothing means that they were changed from outside."""
    found = sums(session, None, now)
    return float(abs(sum(debit for _, debit, _ in found) - sum(credit for _, _, credit in found)))


def balances(session: Session, actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """Every account posted on: debits, credits, and the balance on the account's own side (assets debit, others credit)."""
    found = sums(session, None if sees_all(actor) else actor.office or "", at)
    return [_line(tables.account(code), debit, credit) for code, debit, credit in found]


def _line(account: tables.Account, debit: int, credit: int) -> dict[str, Any]:
    balance = debit - credit if account.kind == "asset" else credit - debit
    return {"account_code": account.code, "name": account.name, "kind": account.kind, "debit": debit, "credit": credit, "balance": balance}
