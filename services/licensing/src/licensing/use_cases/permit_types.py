"""Permit types are data: what each asks, by which documents, how it is charged and numbered."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs
import yaml

from smartcity.errors import NotFound

CODES = {"required": "required", "additionalProperties": "unknown-field", "enum": "not-in-table"}


@dataclass(frozen=True)
class PermitType:
    """A kind of permit the office gives. `questions` is a JSON Schema; `documents` are (kind, label, required)."""

    code: str
    title: str
    legal_basis: str
    valid_from: date
    valid_to: date | None
    office: str
    account_code: str
    due_rule: str
    questions: dict[str, Any] = field(repr=False)
    documents: tuple[dict[str, Any], ...] = field(repr=False)

    @property
    def document_kinds(self) -> frozenset[str]:
        return frozenset(row["kind"] for row in self.documents)

    @property
    def required_documents(self) -> frozenset[str]:
        return frozenset(row["kind"] for row in self.documents if row["required"])

    def given_on(self, day: date) -> bool:
        """Can it be applied for on `day`?"""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def wrong_answers(self, answers: dict[str, Any]) -> dict[str, list[str]]:
        """What is wrong, a code by field; empty when the answers fit the questions."""
        found: dict[str, list[str]] = {}
        for error in _validator(self.code).iter_errors(answers):
            for path in _fields(error):
                found.setdefault(path, []).append(CODES.get(error.kind.name, "does-not-fit"))
        return found


def _fields(error: Any) -> list[str]:
    """The fields an error is about: a missing or unknown one is named itself, not its parent."""
    if error.kind.name == "required":
        return [error.kind.property]
    if error.kind.name == "additionalProperties":
        return list(error.kind.unexpected)
    return [".".join(str(step) for step in error.instance_path)]


@cache
def permit_types() -> tuple[PermitType, ...]:
    """Every permit type, by code. A broken file stops the start: unknown or missing keys raise `TypeError`."""
    entries = [entry for entry in (files("licensing") / "data" / "permit_types").iterdir() if entry.name.endswith(".yaml")]
    rows = [yaml.safe_load(entry.read_text()) for entry in entries]
    return tuple(sorted((PermitType(**{**row, "documents": tuple(row["documents"])}) for row in rows), key=lambda kind: kind.code))


def permit_type(code: str) -> PermitType:
    """The permit type `code`; raises `NotFound`."""
    for known in permit_types():
        if known.code == code:
            return known
    raise NotFound()


@cache
def _validator(code: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(permit_type(code).questions)
