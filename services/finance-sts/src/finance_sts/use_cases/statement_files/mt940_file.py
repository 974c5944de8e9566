"""MT940 (SWIFT), read by the `mt-940` package; signs, accounts and balances are judged by us."""

from datetime import date
from typing import Any

import mt940

from finance_sts.rules.statement import CURRENCY, Line, Statement, StatementWrong, plain, references, rupiah

IN, OUT = ("C", "RD"), ("D", "RC")
"""RC takes a credit back, RD a debit: the package gives the letters, and a sign that knows only D."""


def read(content: bytes) -> Statement:
    """The one statement of the file. Raises `StatementWrong`: `statement-not-one`, `statement-unreadable`."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    text = text.replace("\r\n", "\n")
    if len([line for line in text.split("\n") if line.startswith(":20:")]) != 1:
        raise StatementWrong("statement-not-one")
    try:
        found = mt940.models.Transactions()
        found.parse(text)
    except Exception:  # the package asserts and indexes as it goes; whatever stops it, this is no statement
        raise StatementWrong("statement-unreadable") from None
    return _statement(found)


def _statement(found: Any) -> Statement:
    head = found.data
    opening, closing = (head.get(f"final_{end}_balance") or head[f"intermediate_{end}_balance"] for end in ("opening", "closing"))
    pages = "/".join(str(head[part]) for part in ("statement_number", "sequence_number") if head.get(part))
    ident = plain(f"{head['transaction_reference']} {pages}", 80)
    if any(balance.amount.currency != CURRENCY for balance in (opening, closing)):
        raise StatementWrong("statement-currency-unknown", currency=str(opening.amount.currency)[:10])
    account = plain(head["account_identification"], 80).rpartition("/")[2].removesuffix(CURRENCY)
    balances = (rupiah(opening.amount.amount), rupiah(closing.amount.amount))
    return Statement(ident, account, CURRENCY, *balances, _day(opening.date), _day(closing.date), tuple(_line(one.data) for one in found))


def _line(data: dict[str, Any]) -> Line:
    amount = abs(rupiah(data["amount"].amount))
    if data["status"] not in (*IN, *OUT):
        raise StatementWrong("statement-unreadable")
    narrative = plain(f"{data.get('transaction_details') or ''} {data.get('extra_details') or ''}")
    named = [data.get(name) or "" for name in ("customer_reference", "bank_reference")]
    value = _day(data["date"])
    booked = _day(data.get("guessed_entry_date") or value)
    signed = amount if data["status"] in IN else -amount
    return Line(value, booked, signed, references(named, narrative), narrative, plain(data.get("id") or "", 40))


def _day(found: date) -> date:
    return date(found.year, found.month, found.day)
