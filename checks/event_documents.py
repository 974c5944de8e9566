"""What the contracts say, for people (`docs/events/<service>.md`) and machines (`docs/events/asyncapi.json`, AsyncAPI 3.0).

`python -m checks.event_documents` writes them; the check holds that they are current.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from checks.tree import Tree
from smartcity.events.catalogue import PUBLIC, Contract, all_contracts
from smartcity.events.envelope import CONTENT_TYPE, PREFIX

FOLDER = Path("docs/events")
COMMAND = "python -m checks.event_documents"
EXCHANGE = {True: "smartcity.public", False: "smartcity.internal"}


def documents() -> dict[Path, str]:
    """Every generated document by its path in the repository."""
    by_service: dict[str, list[Contract]] = {}
    for _, contract in sorted(all_contracts().items()):
        by_service.setdefault(contract.service, []).append(contract)
    pages = {FOLDER / f"{service}.md": "\n".join(_page(service, contracts)) + "\n" for service, contracts in by_service.items()}
    return {**pages, FOLDER / "asyncapi.json": json.dumps(_asyncapi(), indent=1, ensure_ascii=False) + "\n"}


def look(tree: Tree) -> list[str]:
    """Documents that differ from the contracts, or that no contract stands behind."""
    wanted = documents()
    there = {FOLDER / file.name for file in (tree.root / FOLDER).glob("*")}
    stale = [path for path, text in wanted.items() if path not in there or (tree.root / path).read_text() != text]
    return [f"{path} is not current: `{COMMAND}` writes it" for path in sorted({*stale, *(there - set(wanted))})]


def _page(service: str, contracts: list[Contract]) -> Iterator[str]:
    yield f"# Events told by {service}\n"
    yield f"Written by `{COMMAND}` from `shared/contracts/{service}/`; the envelope is CloudEvents 1.0 (`{CONTENT_TYPE}`).\n"
    for contract in contracts:
        yield f"## {contract.name}\n"
        yield f"{contract.schema['title']}.\n"
        yield f"- exchange `{_exchange(contract)}`, routing key `{contract.name}`, classification {contract.classification}"
        yield f"- heard by: {', '.join(contract.heard_by) or 'nobody must'}"
        yield f"- personal: {', '.join(f'`{path}`' for path in contract.personal) or 'nothing'}\n"
        yield "| field | type | what it is |\n| --- | --- | --- |"
        yield from _fields(contract.schema, "")
        yield f"\n```json\n{json.dumps(contract.example, indent=2, ensure_ascii=False)}\n```\n"


def _fields(schema: dict[str, Any], before: str) -> Iterator[str]:
    required = schema.get("required", ())
    for name, field in schema.get("properties", {}).items():
        optional = "" if name in required else ", optional"
        yield f"| `{before}{name}` | {_type(field)}{optional} | {field.get('description', '')} |"
        if "properties" in field:
            yield from _fields(field, f"{before}{name}.")
        if "properties" in field.get("items", {}):
            yield from _fields(field["items"], f"{before}{name}[].")


def _type(field: dict[str, Any]) -> str:
    if "enum" in field:
        return " / ".join(f"`{value}`" for value in field["enum"])
    kinds = field.get("type", "any")
    return field.get("format") or (" or ".join(kinds) if isinstance(kinds, list) else str(kinds))


def _exchange(contract: Contract) -> str:
    return EXCHANGE[contract.audience == PUBLIC]


def _asyncapi() -> dict[str, Any]:
    contracts = all_contracts()
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Medan Smart City: events", "version": "1", "description": "CloudEvents 1.0 in structured mode over AMQP 0-9-1."},
        "defaultContentType": CONTENT_TYPE,
        "channels": {name: _channel(contract) for name, contract in sorted(contracts.items())},
        "operations": {
            f"tell.{name}": {"action": "send", "channel": {"$ref": f"#/channels/{name}"}} for name in sorted(contracts)
        },
        "components": {"messages": {name: _message(contract) for name, contract in sorted(contracts.items())}},
    }  # fmt: skip


def _channel(contract: Contract) -> dict[str, Any]:
    exchange = {"name": _exchange(contract), "type": "topic", "durable": True, "autoDelete": False}
    return {
        "address": contract.name,
        "messages": {"event": {"$ref": f"#/components/messages/{contract.name}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}},
    }


def _message(contract: Contract) -> dict[str, Any]:
    data = {key: value for key, value in contract.schema.items() if key not in ("$schema", "$id") and not key.startswith("x-")}
    text = {"type": "string"}
    envelope = dict.fromkeys(
        ("id", "source", "subject", "time", "specversion", "dataschema", "sequence", "correlationid", "traceparent"), text
    )
    return {
        "name": PREFIX + contract.name, "title": contract.schema["title"], "contentType": CONTENT_TYPE,
        "payload": {
            "type": "object", "required": ["id", "source", "type", "specversion", "data"],
            "properties": {**envelope, "type": {"const": PREFIX + contract.name}, "data": data},
        },
        "examples": [{"payload": {"data": contract.example}}],
    }  # fmt: skip


def main() -> int:
    """Write every document; those without a contract go."""
    root, wanted = Path(__file__).resolve().parents[1], documents()
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    for path, text in wanted.items():
        (root / path).write_text(text)
    for file in (root / FOLDER).glob("*"):
        if FOLDER / file.name not in wanted:
            file.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
