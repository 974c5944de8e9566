"""Figures for everybody: how many, how soon, how well. Numbers, nobody's words."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from smartcity.errors import InputWrong

LONGEST = timedelta(days=366)
KEYS = {
    "office": "coalesce(office, '-')",
    "category": "category",
    "kecamatan": "left(kelurahan_code, 8)",
    "month": "to_char(received_at AT TIME ZONE 'Asia/Jakarta', 'YYYY-MM')",
}
COLUMNS = ("key", "filed", "verified", "verified_in_time", "answered", "answered_in_time", "closed", "reopened", "median_hours", "rating")
_FIGURES = """
SELECT {key} AS key, count(*) AS filed, count(verified_at) AS verified,
    count(verified_at) FILTER (WHERE NOT EXISTS (
        SELECT 1 FROM complaint_history late WHERE late.complaint_id = complaint.id AND late.event = 'escalated.head' AND late.status = 'received'
    )) AS verified_in_time,
    count(answered_at) AS answered, count(*) FILTER (WHERE answered_at <= answer_by) AS answered_in_time,
    count(*) FILTER (WHERE status = 'closed') AS closed, count(*) FILTER (WHERE reopenings > 0) AS reopened,
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - received_at)) / 3600)::numeric, 1) AS median_hours,
    round(avg(rating), 2) AS rating
FROM complaint WHERE received_at >= :since AND received_at < :until GROUP BY 1 ORDER BY 1
"""


def figures(session: Session, query: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for each office, category, kecamatan or month of what was filed in a period of at most a year.

    What was reopened and is not closed again does not count as closed. Raises `InputWrong`.
    """
    since, until = query["since"], query["until"]
    if not timedelta(0) < until - since <= LONGEST:
        raise InputWrong({"until": ["period-too-long" if until > since else "not-in-order"]})
    rows = session.execute(sa.text(_FIGURES.format(key=KEYS[query["by"]])), {"since": since, "until": until})
    return [dict(row) for row in rows.mappings()]


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
