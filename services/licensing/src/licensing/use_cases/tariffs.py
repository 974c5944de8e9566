"""Rule sets and the city's tariffs, read once from `data/`: each with its legal basis and dates."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from licensing.rules.retribution import PRICES, RULE_SETS, Tariff


@dataclass(frozen=True)
class RuleSet:
    """The index tables of one regulation, and the period of the applications it holds for."""

    name: str
    valid_from: date
    valid_to: date | None
    tables: dict[str, Any] = field(repr=False)

    def holds_on(self, day: date) -> bool:
        """Does it rule an application of `day`?"""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def rule_set(name: str) -> RuleSet:
    """The rule set `name`, one of `RULE_SETS`."""
    tables = yaml.safe_load((files("licensing") / "data" / "rule_sets" / f"{name}.yaml").read_text())
    return RuleSet(name, tables["valid_from"], tables["valid_to"], tables)


def rule_set_on(day: date) -> RuleSet:
    """The rule set of an application of `day`; raises `LookupError` where none was in force."""
    for name in RULE_SETS:
        if rule_set(name).holds_on(day):
            return rule_set(name)
    raise LookupError(f"no retribution rule set holds on {day}")


@cache
def tariffs() -> tuple[Tariff, ...]:
    """Every tariff, newest of a rule set first."""
    rows = yaml.safe_load((files("licensing") / "data" / "tariffs.yaml").read_text())["tariffs"]
    return tuple(_tariff(row) for row in rows)


def _tariff(row: dict[str, Any]) -> Tariff:
    prices = {name: Decimal(row[name]) for name in PRICES if name in row}
    terms = {name: row[name] for name in ("code", "rule_set", "sample", "legal_basis", "valid_from", "valid_to")}
    return Tariff(**terms, prices=prices, prasarana={name: Decimal(price) for name, price in row.get("prasarana", {}).items()})


def tariff_on(rule_set_name: str, day: date) -> Tariff | None:
    """The city's tariff of a rule set on `day`, if it had one."""
    return next((tariff for tariff in tariffs() if tariff.rule_set == rule_set_name and tariff.holds_on(day)), None)
