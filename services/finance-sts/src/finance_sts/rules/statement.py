"""A bank statement as every format gives it, and what makes one believable. Nothing here guesses: what does not add up is refused.

Source: ISO 20022 camt.053, SWIFT MT940 (memory); the balance rule is opening + credits − debits = closing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

CURRENCY = "IDR"
MOST = 10**15
FIRST_YEAR, LONGEST_PERIOD, STRAY = 2000, timedelta(days=366), timedelta(days=31)
LONGEST_REFERENCE, LONGEST_NARRATIVE, MOST_REFERENCES = 80, 1000, 40
_WORD = re.compile(r"[A-Z0-9][A-Z0-9./_-]{4,78}[A-Z0-9]")
_NOTHING = {"NONREF", "NOTPROVIDED", "NONE"}


class StatementWrong(ValueError):
    """The file is refused; `code` names the problem, `facts` what its text shows."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


@dataclass(frozen=True)
class Line:
    """One movement: whole rupiah, positive what came in; `references` are what a bill, payment or slip may be found by."""

    value_date: date
    booking_date: date
    amount: int
    references: tuple[str, ...]
    narrative: str
    kind: str


@dataclass(frozen=True)
class Statement:
    """What a bank says of one account from `opened_on` to `closed_on`; balances in whole rupiah."""

    id: str
    account: str
    currency: str
    opening: int
    closing: int
    opened_on: date
    closed_on: date
    lines: tuple[Line, ...]


def rupiah(text: object) -> int:
    """Whole rupiah of a decimal number with `.` for a mark.

    Raises `StatementWrong`: `statement-amount-fractional` for a part of a rupiah, `statement-unreadable` for no such number.
    """
    try:
        number = Decimal(str(text).strip())
    except InvalidOperation:
        raise StatementWrong("statement-unreadable") from None
    if not number.is_finite() or abs(number) >= MOST:
        raise StatementWrong("statement-unreadable")
    if number != int(number):
        raise StatementWrong("statement-amount-fractional", amount=str(number)[:40])
    return int(number)


def plain(text: str, longest: int = LONGEST_NARRATIVE) -> str:
    """One line of printable text, cut at `longest`."""
    shown = text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)
    return " ".join(shown.split())[:longest]


def references(named: Iterable[str], narrative: str) -> tuple[str, ...]:
    """What a line may be found by: its reference fields whole, then each word of the narrative that has a digit; in capitals, once each.

    A word without a digit is a name, and no reference of ours.
    """
    fields = [plain(text, LONGEST_REFERENCE).upper().replace(" ", "") for text in named]
    words = [word for word in _WORD.findall(narrative.upper()) if any(char.isdigit() for char in word)]
    found = dict.fromkeys(one for one in [*fields, *words] if one and one not in _NOTHING)
    return tuple(found)[:MOST_REFERENCES]


def must_hold(statement: Statement) -> None:
    """Raises `StatementWrong`: `statement-currency-unknown`, `statement-balance-broken`, `statement-dates-wrong`, `statement-unreadable`."""
    if statement.currency != CURRENCY:
        raise StatementWrong("statement-currency-unknown", currency=statement.currency[:10])
    if not statement.id or any(line.amount == 0 for line in statement.lines):
        raise StatementWrong("statement-unreadable")
    _must_have_sane_days(statement)
    moved = sum(line.amount for line in statement.lines)
    if statement.opening + moved != statement.closing:
        raise StatementWrong("statement-balance-broken", computed=statement.opening + moved, closing=statement.closing)


def must_be_past(statement: Statement, today: date) -> None:
    """Raises `StatementWrong("statement-dates-wrong")` for a statement of days to come."""
    if statement.closed_on > today:
        raise StatementWrong("statement-dates-wrong")


def _must_have_sane_days(statement: Statement) -> None:
    """A period of at most a year, and every line within a month of it: comparing looks at each day between."""
    opened, closed = statement.opened_on, statement.closed_on
    if opened.year < FIRST_YEAR or not timedelta(0) <= closed - opened <= LONGEST_PERIOD:
        raise StatementWrong("statement-dates-wrong")
    if any(not opened - STRAY <= day <= closed + STRAY for line in statement.lines for day in (line.value_date, line.booking_date)):
        raise StatementWrong("statement-dates-wrong")
