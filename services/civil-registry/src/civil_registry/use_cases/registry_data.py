"""The office's tables, read once from `data/`: paths, clocks, numbering, reasons, purposes, officials. A broken file stops the start."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from civil_registry.rules.duplicates import Terms, read_terms
from civil_registry.rules.paths import Circumstance, Path, Wording, read_circumstances, read_papers, read_paths
from civil_registry.rules.spelling import read_spelling
from smartcity.errors import InputWrong


@dataclass(frozen=True)
class Clock:
    """So many days of a kind, by a rule of law or the office's own promise."""

    days: int
    kind: Literal["working", "calendar"]
    legal_basis: str
    valid_from: date
    valid_to: date | None


def _read(name: str) -> dict[str, Any]:
    return yaml.safe_load((files("civil_registry") / "data" / f"{name}.yaml").read_text())  # type: ignore[no-any-return]


@cache
def registry() -> dict[str, Any]:
    """Office, numbering, place of issue, plausibility."""
    return _read("registry")


OFFICE: str = registry()["office"]


@cache
def clocks() -> dict[str, Clock]:
    """`report_birth`, `service_standard`, `issue`."""
    return {name: Clock(**row) for name, row in _read("clocks")["clocks"].items()}


@cache
def retention() -> dict[str, Clock]:
    """How long what is no entry is kept: `draft`, `returned`, `withdrawn`, `rejected`, and the `papers` of an entry."""
    return {name: Clock(**row) for name, row in _read("retention")["retention"].items()}


@cache
def birth_paths() -> tuple[Path, ...]:
    """Every path, in the order a parent is shown them."""
    return read_paths(_read("paths"))


def birth_path(code: str) -> Path | None:
    """The path `code`, or `None`."""
    return next((path for path in birth_paths() if path.code == code), None)


@cache
def circumstances() -> tuple[Circumstance, ...]:
    """What may hold besides a path, in the order in which they change it."""
    return read_circumstances(_read("circumstances"), read_papers(_read("paths")))


def path_under(code: str, told: Collection[str]) -> Path:
    """The path `code` where the circumstances `told` hold; raises `LookupError` where the tables have lost one of them."""
    path, holding = birth_path(code), [one for one in circumstances() if one.code in told]
    if path is None or len(holding) < len(set(told)):
        raise LookupError(f"the tables no longer know the path {code} with {', '.join(told)}")
    return path.under(holding)


@cache
def wordings() -> dict[str, Wording]:
    """What a certificate says of the parents, by code."""
    return {row["code"]: Wording(**row) for row in _read("paths")["wordings"]}


@cache
def duplicate_terms() -> Terms:
    """When two reports may be of one child."""
    return read_terms(_read("duplicates"), read_spelling(_read("spelling")))


@cache
def death_paths() -> tuple[Path, ...]:
    """Every way to register a death."""
    return read_paths(_read("death_paths"))


def death_path(code: str) -> Path | None:
    """The path `code`, or `None`."""
    return next((path for path in death_paths() if path.code == code), None)


@cache
def death_wordings() -> dict[str, Wording]:
    """What a certificate of death says, by code."""
    return {row["code"]: Wording(**row) for row in _read("death_paths")["wordings"]}


@cache
def reasons() -> dict[str, list[str]]:
    """Codes by step: `returned`, `withdrawn`, `rejected`, …"""
    return _read("reasons")


@cache
def purposes() -> tuple[str, ...]:
    """Why an official may look at a person's data."""
    return tuple(_read("purposes")["purposes"])


@cache
def officials() -> dict[str, Any]:
    """Who signs, as printed: `capacity`, and names by account."""
    return _read("officials")


@cache
def signing_terms() -> dict[str, Any]:
    """How the national signing service is asked: `path`, `names` of the form, `fields` besides, `refusals` by status."""
    return _read("signing_service")


def must_be_reason(step: str, code: str) -> str:
    """The code, if it may be given for this step; raises `InputWrong`."""
    if code not in reasons()[step]:
        raise InputWrong({"reason_code": ["reason-unknown"]})
    return code
