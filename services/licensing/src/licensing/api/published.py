"""What is published besides JSON: pages of a list as GeoJSON or as CSV."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

from flask import Response


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
