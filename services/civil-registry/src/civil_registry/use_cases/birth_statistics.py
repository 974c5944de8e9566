"""Figures of the births that were registered, for everybody: by month with kelurahan, sex, or in time and late. Small counts are hidden."""

import csv
import io
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.rules.small_counts import suppressed
from smartcity.calendar import day_of
from smartcity.errors import InputWrong
from smartcity.regions import kelurahan

MOST_MONTHS = 12
KEYS = {"kelurahan": "record.kelurahan_code", "sex": "birth.child_sex", "kind": "record.kind"}
FIGURES = ("births", "median_days", "longest_days")
COLUMNS = ("month", "by", "key", "label", *FIGURES, "suppressed")
QUERY = """
SELECT date_trunc('month', record.registered_on)::date AS month, {key} AS key, count(*) AS births,
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM paper.issued_at - birth.submitted_at) / 86400))::numeric, 1)
        AS median_days,
    round(max(extract(epoch FROM paper.issued_at - birth.submitted_at) / 86400)::numeric, 1) AS longest_days
FROM birth_record record JOIN birth_registration birth ON birth.id = record.registration_id
LEFT JOIN certificate paper ON paper.record_id = record.id AND paper.edition = 1 AND paper.status <> 'awaiting_signature'
WHERE record.registered_on >= :since AND record.registered_on < :until AND birth.status <> 'cancelled' GROUP BY 1, 2 ORDER BY 1, 2
"""


def first_day(month: str) -> date:
    """Of `YYYY-MM`; raises `InputWrong` for a year no calendar has."""
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise InputWrong({"since": ["not-in-order"]}) from None


def months(since: date | None, until: date | None, now: datetime) -> tuple[date, date]:
    """First days of the first and of the last month; left out: the twelve months to this one. Raises `InputWrong`."""
    last = until or day_of(now).replace(day=1)
    first = since or moved(last, 1 - MOST_MONTHS)
    if not first <= last < moved(first, MOST_MONTHS):
        raise InputWrong({"until": ["period-too-long" if last >= first else "not-in-order"]})
    return first, last


def moved(month: date, by: int) -> date:
    """The first day of the month so many later; raises `InputWrong` beyond the calendar."""
    year, index = divmod(month.year * 12 + month.month - 1 + by, 12)
    if not date.min.year <= year <= date.max.year:
        raise InputWrong({"since": ["not-in-order"]})
    return date(year, index + 1, 1)


def figures(session: Session, by: str, period: tuple[date, date]) -> list[dict[str, Any]]:
    """`COLUMNS` for every month and key in which a birth was registered that still stands; days from the first submission to the certificate."""
    found = session.execute(asked(by, *period)).mappings()
    rows = [{**row, "month": f"{row['month']:%Y-%m}", "by": by, "label": _name(by, row["key"])} for row in found]
    return suppressed(rows, FIGURES)


def asked(by: str, first: date, last: date) -> sa.TextClause:
    """What `figures` asks: an index of those days carries it."""
    return sa.text(QUERY.format(key=KEYS[by])).bindparams(since=first, until=moved(last, 1))


def _name(by: str, key: str) -> str:
    place = kelurahan(key) if by == "kelurahan" else None
    return place.name if place else key


def as_csv(rows: list[dict[str, Any]]) -> str:
    """RFC 4180, with a heading; what is hidden is empty."""
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, COLUMNS)
    table.writeheader()
    table.writerows(rows)
    return out.getvalue()
