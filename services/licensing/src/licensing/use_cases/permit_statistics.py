"""Figures of the permits that were issued (a correction is none anew): how many, how soon, how often within the clock, for how much; by month, kecamatan and type."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from smartcity.calendar import day_of, start_of_day
from smartcity.errors import InputWrong
from smartcity.regions import kecamatan

MOST_MONTHS = 12
COLUMNS = (
    "month", "kecamatan_code", "kecamatan", "permit_type", "permits", "median_days", "share_within_clock", "retribution_total",
)  # fmt: skip
QUERY = """
SELECT date_trunc('month', issued_at AT TIME ZONE 'Asia/Jakarta') AS month, left(kelurahan_code, 8) AS kecamatan_code, permit_type,
    count(*) AS permits, round((percentile_cont(0.5) WITHIN GROUP (ORDER BY processing_days))::numeric, 1) AS median_days,
    round(count(*) FILTER (WHERE within_clock)::numeric / nullif(count(within_clock), 0), 4) AS share_within_clock,
    sum(retribution_total)::bigint AS retribution_total
FROM permit WHERE issued_at >= :since AND issued_at < :until AND succession IS DISTINCT FROM 'correction' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


def months(since: date | None, until: date | None, now: datetime) -> tuple[date, date]:
    """First days of the first and of the last month; left out: the twelve months to this one. Raises `InputWrong`."""
    last = until or day_of(now).replace(day=1)
    first = since or _moved(last, 1 - MOST_MONTHS)
    if not first <= last < _moved(first, MOST_MONTHS):
        raise InputWrong({"until": ["period-too-long" if last >= first else "not-in-order"]})
    return first, last


def _moved(month: date, by: int) -> date:
    year, index = divmod(month.year * 12 + month.month - 1 + by, 12)
    return date(year, index + 1, 1)


def figures(session: Session, first: date, last: date) -> list[dict[str, Any]]:
    """`COLUMNS` for every month, kecamatan and permit type in which a permit was issued. The median is exact, over every permit."""
    found = session.execute(asked(first, last)).mappings()
    return [{**row, "month": f"{row['month']:%Y-%m}", "kecamatan": _name(row["kecamatan_code"])} for row in found]


def asked(first: date, last: date) -> sa.TextClause:
    """What `figures` asks: an index of those months carries it."""
    since, until = (start_of_day(day) for day in (first, _moved(last, 1)))
    return sa.text(QUERY).bindparams(since=since, until=until)


def _name(code: str) -> str:
    place = kecamatan(code)
    return place.name if place else code
