"""Counts so small that they could point at somebody are not published (UU 27/2022 Pasal 4(2): data of children)."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

LEAST = 5


def suppressed(rows: Iterable[Mapping[str, Any]], figures: Iterable[str]) -> list[dict[str, Any]]:
    """Rows (ordered by `month`, with `births`) without the figures of those below `LEAST`.

    Where one row alone of a month would be hidden, the smallest other goes with it: else the month's sum, published elsewhere, tells it.
    """
    names = tuple(figures)
    found: list[dict[str, Any]] = []
    for _, month in groupby(rows, key=lambda row: row["month"]):
        together = [dict(row) for row in month]
        for row in together:
            row["suppressed"] = row["births"] < LEAST
        hidden = [row for row in together if row["suppressed"]]
        if len(hidden) == 1 and len(together) > 1:
            min((row for row in together if not row["suppressed"]), key=lambda row: row["births"])["suppressed"] = True
        found += [{**row, **dict.fromkeys(names)} if row["suppressed"] else row for row in together]
    return found
