"""Figures for everybody: how many, how soon, how well. Numbers, nobody's words."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from smartcity.errors import InputWrong
from smartcity.offices import office_name
from smartcity.regions import kecamatan

LONGEST = timedelta(days=366)
NOBODY = "-"
KEYS = {
    "office": f"coalesce(office, '{NOBODY}')",
    "category": "category",
    "kecamatan": "left(kelurahan_code, 8)",
    "month": "to_char(received_at AT TIME ZONE 'Asia/Jakarta', 'YYYY-MM')",
}
COLUMNS = (
    "key", "label", "filed", "verified", "verified_in_time", "answered", "answered_in_time", "closed", "reopened", "median_hours", "rating",
)  # fmt: skip
FILTERS = {"office": "office = :office", "category": "category = :category", "kecamatan_code": "left(kelurahan_code, 8) = :kecamatan_code"}
_FIGURES = """
SELECT {key} AS key, count(*) AS filed, count(verified_at) AS verified, count(*) FILTER (WHERE verified_at <= verify_by) AS verified_in_time,
    count(answered_at) AS answered, count(*) FILTER (WHERE answered_at <= answer_by) AS answered_in_time,
    count(*) FILTER (WHERE status = 'closed') AS closed, count(*) FILTER (WHERE reopenings > 0) AS reopened,
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - received_at)) / 3600)::numeric, 1) AS median_hours,
    round(avg(rating), 2) AS rating
FROM complaint WHERE received_at >= :since AND received_at < :until {filters} GROUP BY 1 ORDER BY 1
"""


def figures(session: Session, query: dict[str, Any], label: Callable[[str], str]) -> list[dict[str, Any]]:
    """A row for each office, category, kecamatan or month of what was filed in a period of at most a year; of one office, category or
    kecamatan where the query names it.

    What was reopened and is not closed again does not count as closed. Raises `InputWrong`.
    """
    since, until = query["since"], query["until"]
    if not timedelta(0) < until - since <= LONGEST:
        raise InputWrong({"until": ["period-too-long" if until > since else "not-in-order"]})
    filters = "".join(f" AND {condition}" for name, condition in FILTERS.items() if name in query)
    rows = session.execute(sa.text(_FIGURES.format(key=KEYS[query["by"]], filters=filters)), query)
    return [{**row, "label": _name(query["by"], row["key"], label)} for row in rows.mappings()]


def _name(by: str, key: str, label: Callable[[str], str]) -> str:
    """What a person calls the row."""
    place = kecamatan(key) if by == "kecamatan" else None
    names = {"office": label("office.none") if key == NOBODY else office_name(key), "category": label(f"category.{key}"),
             "kecamatan": place.name if place else key, "month": key}  # fmt: skip
    return names[by]


def last_year(now: datetime) -> tuple[datetime, datetime]:
    """The period where none is named."""
    return now - LONGEST + timedelta(seconds=1), now + timedelta(seconds=1)


def as_csv(rows: list[dict[str, Any]]) -> str:
    """RFC 4180, with a heading."""
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, COLUMNS)
    table.writeheader()
    table.writerows(rows)
    return out.getvalue()
