"""Keyset pages: the millionth row costs what the first did. The cursor is opaque and signed."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask import g, request
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import desc_op

from smartcity.errors import InputWrong
from smartcity.storage.encryption import keyring

DEFAULT, MOST = 50, 200


def _limit() -> int:
    text = request.args.get("limit", str(DEFAULT))
    if not text.isascii() or not text.isdigit() or len(text) > 3 or not 1 <= int(text) <= MOST:
        raise InputWrong({"limit": ["limit-out-of-range"]})
    return int(text)


def _column(key: Any) -> Any:
    return key.element if isinstance(key, UnaryExpression) else key


def _descending(keys: tuple[Any, ...]) -> bool:
    ways = {isinstance(key, UnaryExpression) and key.modifier is desc_op for key in keys}
    if len(ways) != 1:
        raise TypeError("all keys of a page run in one direction")
    return ways.pop()


def _sign(payload: bytes) -> bytes:
    return hmac.new(keyring.key("cursor"), request.path.encode() + payload, hashlib.sha256).digest()[:8]


def _pack(values: list[Any]) -> str:
    payload = json.dumps(values, default=str, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_sign(payload) + payload).decode().rstrip("=")


def _unpack(cursor: str, columns: list[Any]) -> list[Any]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        if not hmac.compare_digest(_sign(raw[8:]), raw[:8]):
            raise ValueError
        values = json.loads(raw[8:])
        return [_typed(value, column.type.python_type) for value, column in zip(values, columns, strict=True)]
    except (ValueError, TypeError):
        raise InputWrong({"cursor": ["cursor-unreadable"]}) from None


def _typed(value: Any, kind: type) -> Any:
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    return UUID(value) if kind is UUID else value


def page(query: sa.Select[Any] | Sequence[sa.Select[Any]], *keys: Any) -> dict[str, Any]:
    """One page of `query` ordered by `keys` (unique together, all ascending or all `.desc()`): `items` and `next`.

    Reads `limit` (1 to 200) and `cursor` from the request; an index over `keys` must carry it. Several queries (one an owner, say) are each read
    along that index and merged here, whatever the planner thinks; their keys are then numbers, ids and moments, which sort alike everywhere.
    """
    limit, columns = _limit(), [_column(key) for key in keys]
    queries = [query] if isinstance(query, sa.Select) else query
    cursor = request.args.get("cursor")
    if cursor:
        row = sa.tuple_(*columns)
        after = sa.tuple_(*(sa.literal(value, column.type) for value, column in zip(_unpack(cursor, columns), columns, strict=True)))
        queries = [one.where(row < after if _descending(keys) else row > after) for one in queries]
    found = [item for one in queries for item in g.session.scalars(one.order_by(*keys).limit(limit + 1))]
    if len(queries) > 1:
        found.sort(key=lambda item: [getattr(item, column.key) for column in columns], reverse=_descending(keys))
    items, more = found[:limit], len(found) > limit
    following = _pack([getattr(items[-1], column.key) for column in columns]) if more else None
    g.next_page = following
    return {"items": items, "next": following}
