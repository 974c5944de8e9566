"""`ledger`: the balance of every account, and every entry."""

from typing import Any

from finance_sts.model.ledger import LedgerEntry
from finance_sts.use_cases.ledger_accounts import balances
from finance_sts.use_cases.listings import visible
from smartcity.http import Blueprint, Schema, actor, fields, now, page, session

ledger = Blueprint("ledger", description="Double-entry books that nobody can change.")


class AccountsQuery(Schema):
    at = fields.Moment(metadata={"description": "Balances as they were at this moment"})


class BalanceView(Schema):
    account_code = fields.String()
    name = fields.String()
    kind = fields.String()
    debit = fields.Rupiah()
    credit = fields.Rupiah()
    balance = fields.Integer(metadata={"description": "On the account's own side: assets debit, others credit"})


class BalancesView(Schema):
    accounts = fields.List(fields.Nested(BalanceView))


class LineView(Schema):
    account_code = fields.String()
    debit = fields.Rupiah()
    credit = fields.Rupiah()


class EntryView(Schema):
    id = fields.UUID()
    at = fields.Moment()
    day = fields.Day()
    office = fields.String()
    cause = fields.String()
    corrects = fields.UUID(allow_none=True)
    total = fields.Rupiah()
    lines = fields.List(fields.Nested(LineView))


@ledger.get("/ledger/accounts")
@ledger.arguments(AccountsQuery, location="query")
@ledger.response(200, BalancesView)
def list_ledger_accounts(query: dict[str, Any]) -> dict[str, Any]:
    """Debits, credits and balance of every account, of my office or of all."""
    return {"accounts": balances(session(), actor(), query.get("at") or now())}


@ledger.get("/ledger/entries")
@ledger.paged(EntryView)
def list_ledger_entries() -> dict[str, Any]:
    """What was posted; newest first."""
    return page(visible(LedgerEntry, actor()), LedgerEntry.id.desc())
