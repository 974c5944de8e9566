"""Reading what was sent: strict JSON (no duplicate key, no NaN), the right content type, no unknown argument."""

import json
from typing import Any

from flask import Request
from webargs import core
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

DEEPEST = 60


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("duplicate key")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def strict_json(raw: bytes) -> Any:
    """The JSON in `raw`; raises `BadRequest` for what is not JSON, has duplicate keys, NaN, or is nested too deep."""
    if raw.count(b"[") + raw.count(b"{") > DEEPEST and _depth(raw) > DEEPEST:
        raise BadRequest("nested too deep")
    try:
        return json.loads(raw, object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadRequest("not JSON") from None


def _depth(raw: bytes) -> int:
    deepest = depth = 0
    quoted = escaped = False
    for byte in raw:
        if quoted:
            escaped, quoted = (byte == 0x5C and not escaped), (byte != 0x22 or escaped)
        elif byte == 0x22:
            quoted = True
        elif byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


class Parser(FlaskParser):
    """webargs' parser with our reading of JSON, and `limit`/`cursor` left to the page."""

    def load_json(self, req: Request, schema: Any) -> Any:
        raw = req.get_data(cache=True)
        if not raw:
            return core.missing
        if req.mimetype != "application/json" and not req.mimetype.endswith("+json"):
            raise UnsupportedMediaType()
        return strict_json(raw)

    def load_querystring(self, req: Request, schema: Any) -> Any:
        asked = [pair for pair in req.args.items(multi=True) if pair[0] not in ("limit", "cursor")]
        return self._makeproxy(req.args.__class__(asked), schema)
