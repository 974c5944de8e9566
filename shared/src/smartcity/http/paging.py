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


def _unpack(cursor: str, kinds: Sequence[type]) -> list[Any]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        if not hmac.compare_digest(_sign(raw[8:]), raw[:8]):
            raise ValueError
        values = json.loads(raw[8:])
        return [_typed(value, kind) for value, kind in zip(values, kinds, strict=True)]
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
        row, values = sa.tuple_(*columns), _unpack(cursor, [column.type.python_type for column in columns])
        after = sa.tuple_(*(sa.literal(value, column.type) for value, column in zip(values, columns, strict=True)))
        queries = [one.where(row < after if _descending(keys) else row > after) for one in queries]
    found = [item for one in queries for item in g.session.scalars(one.order_by(*keys).limit(limit + 1))]
    if len(queries) > 1:
        found.sort(key=lambda item: [getattr(item, column.key) for column in columns], reverse=_descending(keys))
    items, more = found[:limit], len(found) > limit
    following = _pack([getattr(items[-1], column.key) for column in columns]) if more else None
    g.next_page = following
    return {"items": items, "next": following}


def merged(lists: Sequence[tuple[sa.Select[*tuple[Any, ...]], Any]]) -> dict[str, Any]:
    """One page of several lists as one, newest first: `items`, each the list's position and one of its rows, and `next`.

    A list is its query and its key, a UUIDv7 that is unique in it; an index over the key must carry it. Each is read along its own, as by `page`.
    """
    limit, cursor = _limit(), request.args.get("cursor")
    if cursor:
        last, at = _unpack(cursor, [UUID, int])
        lists = [(query.where(key <= last if n > at else key < last), key) for n, (query, key) in enumerate(lists)]
    found = [
        (row[-1], n, row[:-1])
        for n, (query, key) in enumerate(lists)
        for row in g.session.execute(query.add_columns(key).order_by(key.desc()).limit(limit + 1))
    ]
    found.sort(key=lambda one: (-one[0].int, one[1]))
    items, more = found[:limit], len(found) > limit
    g.next_page = _pack(list(items[-1][:2])) if more else None
    return {"items": [(n, row) for _, n, row in items], "next": g.next_page}
