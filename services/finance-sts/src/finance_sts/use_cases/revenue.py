"""What has come in, as the books say it: revenue accounts of the ledger, what was given back taken off.

An entry that puts another right moves revenue too, but nobody paid and nothing went back: it stands in a column of its own.

The sum of every report over a period is the credit of the revenue accounts in it, by construction.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from finance_sts.model.ledger import LedgerEntry, LedgerLine
from finance_sts.model.ledger_queries import offices
from finance_sts.use_cases import tables
from smartcity.errors import InputWrong
from smartcity.regions import kecamatan

LONGEST = 366
"""Days of one report."""
Period = tuple[date, date]
MONTH = sa.func.to_char(LedgerEntry.day, "YYYY-MM")
KEYS: dict[str, sa.SQLColumnExpression[Any]] = {
    "account": LedgerLine.account_code, "office": LedgerEntry.office, "channel": LedgerEntry.channel, "kecamatan": LedgerEntry.kecamatan_code,
    "month": MONTH, "day": sa.func.to_char(LedgerEntry.day, "YYYY-MM-DD"),
}  # fmt: skip
COLUMNS = ("key", "name", "payments", "received", "given_back", "corrected", "revenue", "target", "percent_of_target")


def period(since: date | None, until: date | None, today: date) -> Period:
    """First and last day; left out: this year until today. Raises `InputWrong` where it is out of order or longer than a year."""
    last = until or today
    first = since or last.replace(month=1, day=1)
    if last < first or (last - first).days >= LONGEST:
        raise InputWrong({"until": ["not-in-order" if last < first else "period-too-long"]})
    return first, last


def asked(keys: Sequence[sa.SQLColumnExpression[Any]], days: Period, office: str | None) -> sa.Select[*tuple[Any, ...]]:
    """What the reports ask, by `keys`: of each office the days are read along the order of its books."""
    correction = LedgerEntry.corrects.is_not(None)
    credit, debit = (sa.func.coalesce(sa.func.sum(side).filter(~correction), 0) for side in (LedgerLine.credit, LedgerLine.debit))
    corrected = sa.func.coalesce(sa.func.sum(LedgerLine.credit - LedgerLine.debit).filter(correction), 0)
    payments = sa.func.count(LedgerEntry.id.distinct()).filter(LedgerLine.credit > 0, ~correction)
    query = sa.select(*keys, payments, credit, debit, corrected).join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
    query = query.where(LedgerEntry.day.between(*days), LedgerLine.account_code.in_(tables.revenue_accounts()))
    query = query.where(LedgerEntry.office.in_(offices()) if office is None else LedgerEntry.office == office)
    return query.group_by(*keys).order_by(*keys)


def by(session: Session, what: str, days: Period, office: str | None) -> list[dict[str, Any]]:
    """`COLUMNS` for each key of `what` that has any, whole rupiah; targets where accounts or offices have one for the year."""
    named = NAMES[what]
    found = session.execute(asked([KEYS[what]], days, office))
    return [_line(key, named(key), (payments, *map(int, sums)), _target(what, key, days, office)) for key, payments, *sums in found]


def _line(key: str | None, name: str, sums: tuple[int, ...], target: int | None) -> dict[str, Any]:
    payments, credit, debit, corrected = sums
    revenue = credit - debit + corrected
    percent = None if target is None else f"{revenue * 100 / target:.2f}"
    return {
        "key": key, "name": name, "payments": payments, "received": credit, "given_back": debit, "corrected": corrected,
        "revenue": revenue, "target": target, "percent_of_target": percent,
    }  # fmt: skip


def _target(what: str, key: str | None, days: Period, office: str | None) -> int | None:
    """The whole year's target of the year in which the period lies; none over two years or by what has no target."""
    first, last = days
    if what not in ("account", "office") or first.year != last.year:
        return None
    wanted = {"account": {"account_code": key, **({"office": office} if office else {})}, "office": {"office": key}}[what]
    return tables.target(first.year, wanted)


def _place(code: str | None) -> str:
    place = kecamatan(code) if code else None
    return place.name if place else ""


NAMES: dict[str, Callable[[Any], str]] = {
    "account": lambda code: tables.account(code).name, "office": str, "channel": lambda channel: channel or "", "kecamatan": _place,
    "month": str, "day": str,
}  # fmt: skip


def published(session: Session, days: Period) -> list[dict[str, Any]]:
    """For everybody: month, account, revenue of the whole city; nobody's payment, nobody's name."""
    found = session.execute(asked([MONTH, LedgerLine.account_code], days, None))
    return [
        {
            "month": month,
            "account_code": code,
            "account": tables.account(code).name,
            "payments": payments,
            "revenue": int(got - back + fixed),
        }
        for month, code, payments, got, back, fixed in found
    ]
