"""Permit types are data: who may apply, what is asked, by which documents, how it is charged, how long it holds."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs

from licensing.model.permit_application import Needs
from licensing.rules.conditions import holds
from licensing.rules.retribution import BUILDING
from licensing.use_cases.permit_type_files import read
from smartcity.calendar import add_months
from smartcity.errors import NotFound

CODES = {"required": "required", "additionalProperties": "unknown-field", "enum": "not-in-table"}


@dataclass(frozen=True)
class PermitType:
    """A kind of permit the office gives. Each field is described in `data/permit_type.schema.yaml`."""

    code: str
    title: str
    legal_basis: str
    valid_from: date
    valid_to: date | None
    office: str
    account_code: str
    due_rule: str
    applicants: tuple[str, ...]
    fee: dict[str, Any]
    forward: str
    validity_years: int | None
    renewal: dict[str, Any] | None
    sample: bool
    printed: dict[str, Any]
    steps: dict[str, dict[str, Any]] = field(repr=False)
    questions: dict[str, Any] = field(repr=False)
    documents: tuple[dict[str, Any], ...] = field(repr=False)
    tracks: tuple[dict[str, Any], ...] = field(repr=False, default=())
    contradictions: tuple[dict[str, Any], ...] = field(repr=False, default=())
    clearances: tuple[dict[str, Any], ...] = field(repr=False, default=())
    visit: dict[str, Any] | None = field(repr=False, default=None)
    lapses: dict[str, dict[str, Any]] = field(repr=False, default_factory=dict)
    works: dict[str, Any] | None = field(repr=False, default=None)

    @property
    def document_kinds(self) -> frozenset[str]:
        return frozenset(row["kind"] for row in self.documents)

    @property
    def required_documents(self) -> frozenset[str]:
        return frozenset(row["kind"] for row in self.documents if row["required"])

    @property
    def expiring_documents(self) -> frozenset[str]:
        """Kinds of documents that have a last day."""
        return frozenset(row["kind"] for row in self.documents if row.get("expires"))

    @property
    def examinable(self) -> frozenset[str]:
        """What a finding can concern."""
        asked = {f"answers.{name}" for name in self.questions["properties"]}
        return frozenset({*asked, *(f"documents.{kind}" for kind in self.document_kinds), "site_address", "kelurahan_code"})

    def track(self, answers: dict[str, Any]) -> dict[str, Any] | None:
        """The way of its own that an application with these answers goes, if any."""
        return next((track for track in self.tracks if holds(track["when"], answers)), None)

    def steps_for(self, answers: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """By state: whose turn it is, and its clock, for an application with these answers."""
        track = self.track(answers)
        return {**self.steps, **track["steps"]} if track else self.steps

    def clearances_for(self, answers: dict[str, Any]) -> list[dict[str, Any]]:
        """What other offices must say about an application with these answers."""
        return [row for row in self.clearances if "when" not in row or holds(row["when"], answers)]

    def needs(self, answers: dict[str, Any]) -> Needs:
        """What must be there before such an application is approved."""
        visit = self.visit is not None and ("when" not in self.visit or holds(self.visit["when"], answers))
        return Needs(frozenset(row["code"] for row in self.clearances_for(answers)), visit)

    @property
    def is_building(self) -> bool:
        """Is it charged, and printed, as a building?"""
        return bool(self.fee["rule"] == BUILDING)

    def ends_on(self, issued: date) -> date | None:
        """The last day of a permit issued on that day; `None` where it does not end."""
        return None if self.validity_years is None else add_months(issued, 12 * self.validity_years)

    def works_days(self, issued: date) -> list[date]:
        """The days on which the holder is asked whether the works have begun, and last the one on which the permit lapses."""
        assert self.works is not None
        return [add_months(issued, months) for months in (*self.works["ask_after_months"], self.works["lapses_after_months"])]

    def given_on(self, day: date) -> bool:
        """Can it be applied for on `day`?"""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def wrong_answers(self, answers: dict[str, Any]) -> dict[str, list[str]]:
        """What is wrong, a code by field; empty when the answers fit the questions."""
        found: dict[str, list[str]] = {}
        for error in _validator(self.code).iter_errors(answers):
            for path in _fields(error):
                found.setdefault(path, []).append(CODES.get(error.kind.name, "does-not-fit"))
        if not found:
            for one in self.contradictions:
                if holds(one["when"], answers):
                    found.update({name: [one["code"]] for name in one["fields"]})
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
    """Every permit type, by code; raises `BrokenFile`, which stops the start."""
    entries = [entry for entry in (files("licensing") / "data" / "permit_types").iterdir() if entry.name.endswith(".yaml")]
    rows = [read(entry.name, entry.read_text()) for entry in entries]
    return tuple(sorted((PermitType(**_frozen(row)) for row in rows), key=lambda kind: kind.code))


def _frozen(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def permit_type(code: str) -> PermitType:
    """The permit type `code`; raises `NotFound`."""
    for known in permit_types():
        if known.code == code:
            return known
    raise NotFound()


@cache
def _validator(code: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(permit_type(code).questions)
