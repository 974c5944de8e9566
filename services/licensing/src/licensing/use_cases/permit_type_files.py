"""Reads the files of permit types. What is wrong with one stops the start, by file and line."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs
import yaml

from licensing.rules.conditions import compared, named
from smartcity.offices import office


class BrokenFile(ValueError):
    """A file of a permit type says what none may say: `pbg.yaml, line 12: …`."""

    def __init__(self, name: str, line: int, what: str) -> None:
        super().__init__(f"{name}, line {line}: {what}")


def read(name: str, text: str) -> dict[str, Any]:
    """What a permit type's file says; raises `BrokenFile`."""
    try:
        row, tree = yaml.safe_load(text), yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise BrokenFile(name, error.problem_mark.line + 1 if error.problem_mark else 1, error.problem or "is no YAML") from None
    for wrong in _form().iter_errors(json.loads(json.dumps(row, default=str))):
        raise BrokenFile(name, _line(tree, wrong.instance_path), wrong.message)
    try:
        jsonschema_rs.validator_for(row["questions"])
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
        raise BrokenFile(name, _line(tree, ["questions", *getattr(error, "instance_path", [])]), str(error).splitlines()[0]) from None
    for path, what in _contradictions(row):
        raise BrokenFile(name, _line(tree, path), what)
    return dict(row)


def _contradictions(row: Mapping[str, Any]) -> Iterator[tuple[list[str | int], str]]:
    """What no single line shows: where, and what is wrong."""
    if row["valid_to"] and row["valid_to"] < row["valid_from"]:
        yield ["valid_to"], "it ends before it begins"
    if row["renewal"] and not row["validity_years"]:
        yield ["renewal"], "what does not end is not renewed"
    if row["renewal"] and row["renewal"]["remind_days_before"] > row["renewal"]["from_days_before"]:
        yield ["renewal", "remind_days_before"], "the reminder comes before a renewal may be asked for"
    for part, key in (("documents", "kind"), ("tracks", "code"), ("clearances", "code")):
        codes = [entry[key] for entry in row.get(part, ())]
        for position, code in enumerate(codes):
            if code in codes[:position]:
                yield [part, position], f"{code} is there twice"
    for part in ("tracks", "contradictions", "clearances"):
        for position, entry in enumerate(row.get(part, ())):
            for what in _unanswerable(entry, row["questions"]["properties"]):
                yield [part, position, "when"], what
    if "visit" in row:
        for what in _unanswerable(row["visit"], row["questions"]["properties"]):
            yield ["visit", "when"], what
    yield from _unknown(row)


def _unknown(row: Mapping[str, Any]) -> Iterator[tuple[list[str | int], str]]:
    kinds = {document["kind"] for document in row["documents"]}
    for position, entry in enumerate(row.get("clearances", ())):
        if office(entry["office"]) is None:
            yield ["clearances", position, "office"], f"{entry['office']} is no office of the city"
        if missing := set(entry["documents"]) - kinds:
            yield ["clearances", position, "documents"], f"nothing asks for {', '.join(sorted(missing))}"


def _unanswerable(entry: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[str]:
    conditions = entry.get("when", ())
    if unknown := (named(conditions) | set(entry.get("fields", ()))) - set(asked):
        yield f"nothing asks for {', '.join(sorted(unknown))}"
    for name in sorted(compared(conditions) & set(asked)):
        if not {"integer", "number"} & set(_types(asked[name])):
            yield f"{name} is no number"


def _types(question: Mapping[str, Any]) -> Sequence[str]:
    kinds = question.get("type", ())
    return [kinds] if isinstance(kinds, str) else list(kinds)


@cache
def _form() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(yaml.safe_load((files("licensing") / "data" / "permit_type.schema.yaml").read_text()))


def _line(node: Any, path: Sequence[str | int]) -> int:
    """The line of what `path` leads to, or of the last step of it that is there."""
    for step in path:
        if isinstance(node, yaml.MappingNode):
            below = next((value for key, value in node.value if key.value == str(step)), None)
        else:
            below = node.value[int(step)] if isinstance(node, yaml.SequenceNode) and int(step) < len(node.value) else None
        if below is None:
            break
        node = below
    return int(node.start_mark.line) + 1
