"""Answers for everybody: kept by caches, known by their ETag, as JSON or as CSV."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from flask import Response, make_response

MAX_AGE = 300


def published(view: Callable[..., Any]) -> Callable[..., Response]:
    """Caches may keep the answer for five minutes, the gateway's too; who has it asks by its ETag."""

    @wraps(view)
    def answered(*args: Any, **more: Any) -> Response:
        answer = make_response(view(*args, **more))
        answer.cache_control.public, answer.cache_control.max_age = True, MAX_AGE
        answer.add_etag()
        return answer

    return answered


def page_of(view: Callable[..., Any]) -> Callable[..., Any]:
    """For a list that is not answered as `items` and `next`: `limit` and `cursor` are its query arguments too."""
    view.paged = True  # type: ignore[attr-defined]
    view.query_names = getattr(view, "query_names", frozenset()) | {"limit", "cursor"}  # type: ignore[attr-defined]
    return view


def as_geojson(collection: dict[str, Any]) -> Response:
    """RFC 7946."""
    return Response(json.dumps(collection, separators=(",", ":")), content_type="application/geo+json")


def as_csv(columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> Response:
    """RFC 4180, with a heading."""
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, columns)
    table.writeheader()
    table.writerows(rows)
    return Response(out.getvalue(), content_type="text/csv; charset=utf-8")
