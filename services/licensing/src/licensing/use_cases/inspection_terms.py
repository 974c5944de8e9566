"""How inspections are held: `data/inspections.yaml`."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from licensing.model.inspection_status import Outcome
from licensing.model.permit import Permit
from smartcity.errors import InputWrong


@cache
def terms() -> Mapping[str, Any]:
    """Categories of complaints, clock, checklist, outcomes and measures, each with its legal basis."""
    return yaml.safe_load((files("licensing") / "data" / "inspections.yaml").read_text())  # type: ignore[no-any-return]


def may_have_permit(outcome: Outcome) -> bool:
    """May the building have a permit, where this comes out?"""
    return bool(terms()["outcomes"][outcome.value]["permit"] != "none")


def must_follow(outcome: Outcome, measures: Sequence[str], permit: Permit | None) -> None:
    """Raises `InputWrong` for a measure that this outcome does not allow, and for a permit that it needs or that contradicts it."""
    may = terms()["outcomes"][outcome.value]
    errors: dict[str, Any] = {}
    if wrong := [code for code in measures if code not in may["measures"] or measures.count(code) > 1]:
        errors["measures"] = {code: ["not-after-this-outcome"] for code in wrong}
    if may["permit"] == "required" and permit is None:
        errors["permit_no"] = ["required"]
    if permit is not None and not may_have_permit(outcome):
        errors["permit_no"] = ["contradicts-outcome"]
    if errors:
        raise InputWrong(errors)
