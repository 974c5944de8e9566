"""What several services answer together: `me/*` and the merged documentation. Who is missing is named."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import gevent

from gateway.upstream import Call, Upstream, UpstreamAway

WITHIN, ASKING_WITHIN = 0.5, 3.0
LARGEST = 8_000_000
EVERY_OFFICE = {"name": "every-office", "description": "Every office"}
MERGED = {"/v1/me/cases": "cases", "/v1/me/data-access": "items", "/v1/me/data-requests": "items"}
MOMENTS = ("updated_at", "asked_at", "at")
ASKED = {"/v1/me/data-requests": "items"}
ALIKE = ("/v1/me/data-requests/{service}", "/v1/work-queues/{service}/data-requests", "/v1/open-data/{service}/document-keys")
EVERYBODYS = dict.fromkeys((*MERGED, "/v1/verify/{code}"), EVERY_OFFICE["name"])
"""Operations every service has a part in; in the documentation they stand once."""
Fetched = tuple[int, Any]
Said = Fetched | None


def fetch(upstream: Upstream, head: bytes, deadline: float, method: str = "GET") -> Fetched:
    """Status and JSON of what is answered; raises `UpstreamAway` for anything that is not JSON."""
    exchange = upstream.send(Call(method, head, deadline))
    try:
        body = bytearray()
        for part in exchange:
            body += part
            if len(body) > LARGEST:
                raise UpstreamAway("too long")
        return exchange.head.status, json.loads(body)
    except (OSError, ValueError):
        raise UpstreamAway("no JSON") from None
    finally:
        exchange.close()


def ask_all(upstreams: Mapping[str, Upstream], ask: Callable[[Upstream], Fetched], within: float) -> dict[str, Said]:
    """Ask everybody at once; after `within` seconds who has not answered is `None`."""

    def one(upstream: Upstream) -> Said:
        try:
            return ask(upstream)
        except UpstreamAway:
            return None

    jobs = {name: gevent.spawn(one, upstream) for name, upstream in upstreams.items()}
    gevent.joinall(list(jobs.values()), timeout=within)
    found = {name: job.value if job.successful() else None for name, job in jobs.items()}
    gevent.killall(list(jobs.values()), block=False)
    return found


def positions(target: str, services: Iterable[str]) -> dict[str, str] | None:
    """Who is asked `target`, each with its cursor, "" at its beginning: everybody, or whom the cursor names that we gave; `None` for one we never gave."""
    words, names = dict(parse_qsl(target.partition("?")[2], keep_blank_values=True)).get("cursor"), set(services)
    if words is None:
        return dict.fromkeys(names, "")
    parts = words.split(".")
    cursors = dict(zip(parts[::2], parts[1::2], strict=False))
    return None if len(parts) % 2 or not cursors.keys() <= names else cursors


def at(target: str, cursor: str) -> str:
    """`target` as a service is asked for its page at `cursor`."""
    path, _, query = target.partition("?")
    asked = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name != "cursor"]
    asked += [("cursor", cursor)] if cursor else []
    return f"{path}?{urlencode(asked)}" if asked else path


def merge_me(key: str, parts: Mapping[str, Said], asked: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """The lines under `key`, newest first, and `next` of everybody who has more; `missing` names who did not answer, and `next` asks them again.

    The refusal where everybody refuses. Where nobody answered there is no `next`: the same page can be asked for again.
    """
    good = {name: part[1] for name, part in parts.items() if part and part[0] == 200 and _has(part[1], key, list)}
    if not good and (refused := _refused(parts)):
        return refused
    lines = [{"service": name, **line} for name, said in good.items() for line in said[key] if isinstance(line, dict)]
    lines.sort(key=lambda line: next((str(line[moment]) for moment in MOMENTS if line.get(moment)), ""), reverse=True)
    going_on = {name: cursor for name, said in good.items() if (cursor := said.get("next"))}
    missing = sorted(set(parts) - set(good))
    if good:
        going_on |= {name: asked[name] for name in missing}
    following = ".".join(f"{name}.{cursor}" for name, cursor in going_on.items())
    return 200, {key: lines, "next": following or None, "missing": missing}


def merge_asked(parts: Mapping[str, Said]) -> tuple[int, dict[str, Any] | None]:
    """Who took what was asked, and in `missing` who did not; the first refusal where nobody did; `None` where nobody answered."""
    taken = {name: part[1] for name, part in parts.items() if part and part[0] == 201 and isinstance(part[1], dict)}
    if taken:
        return 201, {"items": [{"service": name, **line} for name, line in taken.items()], "missing": sorted(set(parts) - set(taken))}
    return _refused(parts) or (503, None)


def _refused(parts: Mapping[str, Said]) -> Fetched | None:
    return next((part for part in parts.values() if part and 400 <= part[0] < 500 and isinstance(part[1], dict)), None)


def merge_openapi(parts: Mapping[str, Said], address: str) -> dict[str, Any]:
    """One OpenAPI 3.1 document; components carry their service's name, so that two may not clash."""
    good = {name: part[1] for name, part in sorted(parts.items()) if part and part[0] == 200 and _has(part[1], "paths", dict)}
    merged: dict[str, Any] = {
        "openapi": "3.1.0", "info": {"title": "Medan Smart City", "version": "v1"}, "servers": [{"url": address}], "paths": {}, "tags": [EVERY_OFFICE],
        "components": {"schemas": {}, "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "at+jwt"}}},
        "x-missing": sorted(set(parts) - set(good)),
    }  # fmt: skip
    for name, said in good.items():
        document = _prefixed(said, name)
        merged["tags"].append({"name": name, "description": said.get("info", {}).get("title", name)})
        for kind, entries in document.get("components", {}).items():
            if kind != "securitySchemes":
                target = merged["components"].setdefault(kind, {})
                target.update({f"{name}.{entry}": value for entry, value in entries.items()})
        for path, operations in document["paths"].items():
            merged["paths"].setdefault(
                path, _tagged(operations, EVERY_OFFICE["name"] if path in EVERYBODYS or path.startswith(ALIKE) else name)
            )
    _as_merged(merged["paths"], good)
    return merged


def _as_merged(paths: dict[str, Any], documents: Mapping[str, Any]) -> None:
    """What the door makes of everybody's part of `me/*`: the same lines, and who is missing."""
    told = [(path, "get", "200", key) for path, key in MERGED.items()] + [(path, "post", "201", key) for path, key in ASKED.items()]
    for path, method, status, key in told:
        operation = paths.get(path, {}).get(method, {})
        operation["summary"] = operation.get("summary", "").replace("at this office", "at every office")
        if answer := _answer(paths, path, method, status):
            line = {"type": "object", "required": ["service"], "properties": {"service": {"type": "string"}}}
            names = {"type": "array", "items": {"type": "string"}, "description": "services that did not answer in time"}
            more = {"next": {"type": ["string", "null"], "description": "`cursor` of what follows"}} if method == "get" else {}
            properties = {key: {"type": "array", "items": line}, **more, "missing": names}
            answer["schema"] = {"type": "object", "required": [*properties], "properties": properties}
            parts: dict[str, Said] = {
                name: (int(status), _answer(said["paths"], path, method, status).get("example")) for name, said in documents.items()
            }
            merged = merge_me(key, parts, dict.fromkeys(parts, ""))[1] if method == "get" else merge_asked(parts)[1] or {key: []}
            answer["example"] = {**merged, **dict.fromkeys(more), "missing": []}


def _answer(paths: dict[str, Any], path: str, method: str, status: str) -> dict[str, Any]:
    found: dict[str, Any] = paths
    for step in (path, method, "responses", status, "content", "application/json"):
        found = found.get(step, {})
    return found


def _has(said: Any, key: str, kind: type) -> bool:
    return isinstance(said, dict) and isinstance(said.get(key), kind)


def _tagged(operations: dict[str, Any], tag: str) -> dict[str, Any]:
    for method, operation in operations.items():
        if method != "parameters":
            operation["tags"] = [tag]
            operation["operationId"] = f"{tag}.{operation.get('operationId', method)}"
    return operations


def _prefixed(node: Any, service: str) -> Any:
    if isinstance(node, list):
        return [_prefixed(part, service) for part in node]
    if not isinstance(node, dict):
        return node
    examples = {key: value for key, value in node.items() if key == "example"}  # data: whatever stands in it stays
    return {key: _reference(value, service) if key == "$ref" else _prefixed(value, service) for key, value in node.items()} | examples


def _reference(text: str, service: str) -> str:
    head, _, name = text.rpartition("/")
    return f"{head}/{service}.{name}"
