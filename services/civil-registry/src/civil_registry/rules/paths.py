"""Paths: how a birth may be registered. A path is data; it says what is asked and which papers, or their substitutes, it accepts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

ANSWERS = ("required", "optional", "refused")
TOLD_BY = ("parent", "dates", "siblings")


@dataclass(frozen=True)
class Paper:
    """A kind of document a path accepts."""

    kind: str
    label: str
    legal_basis: str


@dataclass(frozen=True)
class Requirement:
    """What must be shown, by any one of the papers; the first is the usual one, the others are its lawful substitutes."""

    code: str
    one_of: tuple[Paper, ...]

    def met_by(self, kinds: Collection[str]) -> bool:
        """Is one of its papers there?"""
        return any(paper.kind in kinds for paper in self.one_of)


@dataclass(frozen=True)
class Wording:
    """What a certificate says of the parents: in the line of the child, and below."""

    code: str
    line: str
    note: str
    legal_basis: str


@dataclass(frozen=True)
class Circumstance:
    """What may hold besides the path. `told_by`: the parent names it, or it follows from the dates or from the siblings reported along."""

    code: str
    label: str
    legal_basis: str
    valid_from: date
    valid_to: date | None
    told_by: str
    not_on: tuple[str, ...]
    not_with: tuple[str, ...]
    questions: Mapping[str, str]
    requirements: tuple[Requirement, ...]

    def open_on(self, day: date) -> bool:
        """Does it hold on `day`?"""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Path:
    """A way to a certificate. Nothing may be demanded that is not in `requirements`.

    `questions`: of a field (`father`, `father.nik`) whether its answer is required, optional or refused.
    """

    code: str
    label: str
    legal_basis: str
    valid_from: date
    valid_to: date | None
    wording: str
    witnesses: int
    citizenship: str
    questions: Mapping[str, str]
    requirements: tuple[Requirement, ...]

    @property
    def document_kinds(self) -> frozenset[str]:
        """Every kind of document that may be handed in."""
        return frozenset(paper.kind for requirement in self.requirements for paper in requirement.one_of)

    def missing(self, kinds: Collection[str]) -> tuple[Requirement, ...]:
        """What is still to be shown when documents of `kinds` are there."""
        return tuple(requirement for requirement in self.requirements if not requirement.met_by(kinds))

    def open_on(self, day: date) -> bool:
        """May a birth be registered this way on `day`?"""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def under(self, circumstances: Collection[Circumstance]) -> "Path":
        """The same path where `circumstances` hold: their questions, their requirements in the place of its own."""
        needs = {need.code: need for need in self.requirements}
        questions = dict(self.questions)
        for circumstance in circumstances:
            needs |= {need.code: need for need in circumstance.requirements}
            questions |= circumstance.questions
        return replace(self, questions=questions, requirements=tuple(needs.values()))

    def wrong_answers(self, details: Mapping[str, Any]) -> dict[str, Any]:
        """Field (nested like the request) and code of what this path must or must not be told."""
        wrong: dict[str, Any] = {}
        for field, asked in self.questions.items():
            part, _, inner = field.partition(".")
            if inner and details.get(part) is None:
                continue
            answer = details[part].get(inner) if inner else details.get(part)
            if code := _judged(asked, answer):
                wrong[part] = {**wrong.get(part, {}), inner: [code]} if inner else [code]
        if len(details.get("witnesses") or ()) != self.witnesses:
            wrong["witnesses"] = ["witnesses-wrong-count"]
        return wrong


def _judged(asked: str, answer: Any) -> str | None:
    if asked == "required" and answer is None:
        return "path-needs-this"
    return "path-refuses-this" if asked == "refused" and answer is not None else None


def wrong_circumstances(told: Collection[str], path: str, known: Collection[Circumstance], day: date) -> str | None:
    """Code of what is wrong with the circumstances a parent has told on this path; `None` where nothing is."""
    by_code = {one.code: one for one in known if one.told_by == "parent"}
    for code in told:
        one = by_code.get(code)
        if one is None:
            return "circumstance-unknown"
        if not one.open_on(day) or path in one.not_on:
            return "circumstance-not-on-this-path"
        if set(one.not_with) & set(told):
            return "circumstances-exclude-each-other"
    return None


def read_papers(facts: Mapping[str, Any]) -> dict[str, Paper]:
    """The papers of the data file by kind."""
    return {row["kind"]: Paper(**row) for row in facts["papers"]}


def read_paths(facts: Mapping[str, Any]) -> tuple[Path, ...]:
    """Paths of the data file; raises `ValueError` or `KeyError` for a row that is incomplete or names an unknown paper or wording."""
    papers, wordings = read_papers(facts), {row["code"] for row in facts["wordings"]}
    found = tuple(Path(**_row(row, papers, facts["questions"])) for row in facts["paths"])
    for path in found:
        if path.wording not in wordings:
            raise ValueError(f"path {path.code} has the unknown wording {path.wording}")
    return found


def read_circumstances(facts: Mapping[str, Any], papers: Mapping[str, Paper]) -> tuple[Circumstance, ...]:
    """Circumstances of the data file; raises like `read_paths`."""
    rows = facts["circumstances"]
    for row in rows:
        if row["told_by"] not in TOLD_BY:
            raise ValueError(f"circumstance {row['code']} is told by one of {', '.join(TOLD_BY)}")
    lists = ("not_on", "not_with")
    return tuple(Circumstance(**{**_row(row, papers, {}), **{name: tuple(row[name]) for name in lists}}) for row in rows)


def _row(row: Mapping[str, Any], papers: Mapping[str, Paper], usual: Mapping[str, str]) -> dict[str, Any]:
    questions = {**usual, **row["questions"]}
    if not row["legal_basis"] or not set(questions.values()) <= set(ANSWERS):
        raise ValueError(f"{row['code']} needs a legal basis, and of each question one of {', '.join(ANSWERS)}")
    requirements = tuple(Requirement(need["code"], tuple(papers[kind] for kind in need["one_of"])) for need in row["requirements"])
    return {**row, "questions": questions, "requirements": requirements}
