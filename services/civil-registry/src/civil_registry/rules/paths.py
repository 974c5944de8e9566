"""Paths: how a birth may be registered. A path is data; it names who must be named and which papers, or their substitutes, it accepts."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

FATHER = ("required", "refused")


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
class Path:
    """A way to a certificate. Nothing may be demanded that is not in `requirements`."""

    code: str
    label: str
    legal_basis: str
    valid_from: date
    valid_to: date | None
    father: Literal["required", "refused"]
    witnesses: int
    citizenship: str
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

    def wrong_people(self, details: Mapping[str, Any]) -> dict[str, list[str]]:
        """Field and code of the people this path must or must not name."""
        wrong: dict[str, list[str]] = {}
        if self.father == "required" and not details.get("father"):
            wrong["father"] = ["father-required"]
        if self.father == "refused" and details.get("father"):
            wrong["father"] = ["father-not-on-this-path"]
        if len(details.get("witnesses") or ()) != self.witnesses:
            wrong["witnesses"] = ["witnesses-wrong-count"]
        return wrong


def read_paths(facts: Mapping[str, Any]) -> tuple[Path, ...]:
    """Paths of the data file; raises `ValueError` or `KeyError` for a row that is incomplete or names an unknown paper."""
    papers = {row["kind"]: Paper(**row) for row in facts["papers"]}
    return tuple(_path(row, papers) for row in facts["paths"])


def _path(row: Mapping[str, Any], papers: Mapping[str, Paper]) -> Path:
    if row["father"] not in FATHER or not row["legal_basis"]:
        raise ValueError(f"path {row['code']} needs a legal basis, and father one of {', '.join(FATHER)}")
    requirements = tuple(Requirement(need["code"], tuple(papers[kind] for kind in need["one_of"])) for need in row["requirements"])
    return Path(**{**row, "requirements": requirements})
