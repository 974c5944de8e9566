"""What may be taken off the retribution: rows of `data/reliefs.yaml`, each with its legal basis and dates."""

from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from licensing.rules.retribution import Relief


@cache
def reliefs() -> tuple[Relief, ...]:
    """Every relief."""
    rows = yaml.safe_load((files("licensing") / "data" / "reliefs.yaml").read_text())["reliefs"]
    return tuple(_relief(row) for row in rows)


def _relief(row: dict[str, Any]) -> Relief:
    return Relief(**{**row, "rule_sets": tuple(row["rule_sets"]), "share": Decimal(row["share"])})


def reliefs_on(rule_set: str, day: date) -> dict[str, Relief]:
    """By code, what may be granted to an application of `day` that is charged by `rule_set`."""
    return {relief.code: relief for relief in reliefs() if rule_set in relief.rule_sets and relief.holds_on(day)}
