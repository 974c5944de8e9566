"""Offices of the city by code. Source and provenance: `data/offices.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True)
class Office:
    """An office: its code and its Indonesian name."""

    code: str
    name: str


@cache
def _facts() -> Mapping[str, Any]:
    return yaml.safe_load((files("smartcity") / "data" / "offices.yaml").read_text())  # type: ignore[no-any-return]


def office(code: str) -> Office | None:
    """The office with this code (an older code of the same office finds it too: BPKAD is BKAD), or `None`."""
    facts = _facts()
    known = facts["aliases"].get(code, code)
    name = facts["offices"].get(known)
    return Office(known, name) if name else None


def office_name(code: str) -> str:
    """The Indonesian name, or the code itself where the office is unknown: for texts that must always be printable."""
    found = office(code)
    return found.name if found else code


def all_offices() -> tuple[Office, ...]:
    """Every office, by code."""
    return tuple(Office(code, name) for code, name in sorted(_facts()["offices"].items()))
