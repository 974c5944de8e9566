"""Every event has its schema with every declaration, an example that fits, and no person in what the public hears."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs

from checks.tree import Tree

AUDIENCES = {"public", "internal"}
CLASSIFICATIONS = {"public", "internal", "confidential", "restricted"}
NAME = re.compile(r"[a-z_]+\.[a-z_]+\.v[0-9]+\.json")
PERSONAL = re.compile(
    r"(^|_)(nik|kk|npwp|sub|name|nama|address|alamat|phone|telephone|email|e_mail|birth_date|born_on|mother|father|child|payer|applicant"
    r"|reporter|description|note|remark|free_text)($|_)"
)


def look(tree: Tree) -> list[str]:
    """What is missing or wrong, contract by contract."""
    folder = tree.root / "shared" / "contracts"
    wrong = []
    for file in sorted(folder.glob("*/*.json")):
        if file.name.endswith(".example.json"):
            if not file.with_name(file.name.replace(".example", "")).exists():
                wrong.append(f"{tree.named(file)} is the example of nothing")
            continue
        wrong += [f"{tree.named(file)} {line}" for line in _of(file)]
    return wrong


def _of(file: Path) -> Iterator[str]:
    schema = json.loads(file.read_text())
    if not NAME.fullmatch(file.name):
        yield "is not called <aggregate>.<fact>.v<number>.json"
    if schema.get("x-audience") not in AUDIENCES:
        yield f"has no x-audience of {sorted(AUDIENCES)}"
    if schema.get("x-classification") not in CLASSIFICATIONS:
        yield f"has no x-classification of {sorted(CLASSIFICATIONS)}"
    for key in ("x-personal", "x-heard-by"):
        if not isinstance(schema.get(key), list):
            yield f"has no list {key}"
    yield from _example(file, schema)
    yield from _properties(schema, "", public=schema.get("x-audience") == "public")
    if schema.get("x-audience") == "public" and schema.get("x-personal"):
        yield "is public and lists personal fields"
    yield from (
        f"lists {path} in x-personal, which it has not" for path in schema.get("x-personal", ()) if not _has(schema, path.split("."))
    )


def _example(file: Path, schema: dict[str, Any]) -> Iterator[str]:
    beside = file.with_name(f"{file.stem}.example.json")
    if not beside.exists():
        yield f"has no example {beside.name}"
        return
    for error in jsonschema_rs.validator_for(schema, validate_formats=True).iter_errors(json.loads(beside.read_text())):
        yield f"does not fit its example: {error.message}"


def _properties(schema: dict[str, Any], where: str, public: bool) -> Iterator[str]:
    """Every object is closed and every property described; in public ones no name of something personal."""
    properties = schema.get("properties", {})
    if properties and schema.get("additionalProperties") is not False:
        yield f"is open at {where or 'its root'}: additionalProperties must be false"
    for name, terms in properties.items():
        path = f"{where}.{name}".lstrip(".")
        if not terms.get("description"):
            yield f"does not describe {path}"
        if public and PERSONAL.search(name):
            yield f"is public and has {path}: no person in a public event"
        yield from _properties(terms.get("items", terms), path, public)


def _has(schema: dict[str, Any], steps: list[str]) -> bool:
    for step in steps:
        schema = schema.get("items", schema)
        if step not in schema.get("properties", {}):
            return False
        schema = schema["properties"][step]
    return True
