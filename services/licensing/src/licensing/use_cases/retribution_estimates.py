"""What a building would cost, for anyone; and the same arithmetic for the officer who fixes it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from licensing.rules.retribution import Impossible, Tariff, calculate
from licensing.use_cases.tariffs import RuleSet, rule_set, tariff_on
from smartcity.calendar import day_of
from smartcity.errors import InputWrong


def estimate(rule_set_name: str, inputs: dict[str, Any], now: datetime, since: Sequence[Tariff] = ()) -> dict[str, Any]:
    """The retribution of `inputs` by the tariff of today, or of the rule set's last day where it holds no more.

    Raises `InputWrong` for what cannot be.
    """
    rules = rule_set(rule_set_name)
    day = min(day_of(now), rules.valid_to or date.max)
    return computed(rules, inputs, day, since)


def computed(rules: RuleSet, inputs: dict[str, Any], day: date, since: Sequence[Tariff] = ()) -> dict[str, Any]:
    """Total, every intermediate value, every step, and the tariff of `day` where a price of it was used."""
    tariff = tariff_on(rules.tables.get("tariff", rules.name), day, since)
    try:
        calculation, tariff_used = calculate(rules.name, rules.tables, inputs, tariff)
    except Impossible as impossible:
        raise InputWrong({"inputs": _nested(impossible.path, impossible.code)}) from None
    return {
        "rule_set": rules.name,
        "legal_basis": rules.tables["legal_basis"],
        **({"fungsi": inputs["fungsi"]} if "fungsi" in inputs else {}),
        "inputs": inputs,
        **calculation.values,
        "steps": [asdict(step) for step in calculation.steps],
        "tariff": _shown(tariff) if tariff and tariff_used else None,
    }


def _shown(tariff: Tariff) -> dict[str, Any]:
    return {"code": tariff.code, "sample": tariff.sample, "legal_basis": tariff.legal_basis, "valid_from": tariff.valid_from.isoformat()}


def _nested(path: tuple[str | int, ...], code: str) -> dict[str, Any]:
    head, *rest = path
    return {str(head): _nested(tuple(rest), code) if rest else [code]}
