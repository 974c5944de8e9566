"""What a permit would cost, for anyone; and the same arithmetic for the officer who fixes it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from licensing.rules.retribution import Impossible, Relief, Tariff, calculate
from licensing.use_cases.permit_types import PermitType, permit_type
from licensing.use_cases.reliefs import reliefs_on
from licensing.use_cases.tariffs import RuleSet, rule_set, rule_set_on, tariff_on
from smartcity.calendar import day_of
from smartcity.errors import InputWrong, NotFound


def asked(request: Mapping[str, Any], now: datetime) -> tuple[RuleSet, date]:
    """The rules and the day of an estimate, by `rule_set` or by `permit_type`: the day `on`, else today or the last one they held.

    Raises `InputWrong` where neither or both are named, and for a day on which there were no such rules.
    """
    if ("rule_set" in request) is ("permit_type" in request):
        raise InputWrong({"permit_type": ["one-of-two"]})
    if "rule_set" in request:
        rules = rule_set(request["rule_set"])
        day = request.get("on") or min(day_of(now), rules.valid_to or date.max)
        if not rules.holds_on(day):
            raise InputWrong({"on": ["rules-not-in-force"]})
        return rules, day
    kind = _kind(request["permit_type"])
    day = request.get("on") or min(day_of(now), kind.valid_to or date.max)
    if not kind.given_on(day):
        raise InputWrong({"on": ["rules-not-in-force"]})
    return rules_for(kind, day), day


def _kind(code: str) -> PermitType:
    try:
        return permit_type(code)
    except NotFound:
        raise InputWrong({"permit_type": ["not-in-table"]}) from None


def rules_for(kind: PermitType, day: date) -> RuleSet:
    """What the permit type says, of a building the rule set of `day`."""
    return rule_set_on(day) if kind.is_building else RuleSet(kind.fee["rule"], kind.valid_from, kind.valid_to, kind.fee)


def computed(rules: RuleSet, inputs: dict[str, Any], day: date, since: Sequence[Tariff] = ()) -> dict[str, Any]:
    """Total, every intermediate value, every step, the tariff of `day` where a price of it was used, and the reliefs that were granted.

    Raises `InputWrong` for what cannot be.
    """
    charged_by = rules.tables.get("tariff", rules.name)
    tariff, reliefs = tariff_on(charged_by, day, since), reliefs_on(charged_by, day)
    try:
        calculation, tariff_used = calculate(rules.name, rules.tables, inputs, tariff, reliefs)
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
        "reliefs": [_shown(reliefs[grant["kode"]]) for grant in inputs.get("keringanan", ())],
    }


def _shown(row: Tariff | Relief) -> dict[str, Any]:
    return {"code": row.code, "sample": row.sample, "legal_basis": row.legal_basis, "valid_from": row.valid_from.isoformat()}


def _nested(path: tuple[str | int, ...], code: str) -> dict[str, Any]:
    head, *rest = path
    return {str(head): _nested(tuple(rest), code) if rest else [code]}
