"""Rule sets and the city's tariffs, each with its legal basis and dates: those of `data/`, and those an officer has entered since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
import yaml
from sqlalchemy.orm import Session

from licensing.model.entered_tariff import EnteredTariff
from licensing.rules.retribution import PRICES, RULE_SETS, Tariff
from smartcity.calendar import day_of
from smartcity.errors import InputWrong, RuleBroken
from smartcity.events.envelope import plain
from smartcity.http import Actor

PRICES_OF = {"pp-16-2021": frozenset({"ilo", "shst"}), "pemakaian-tanah": frozenset({"tarif"})}


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


def entered(session: Session) -> tuple[Tariff, ...]:
    """Every tariff an officer has entered, the last one first."""
    return tuple(_as_tariff(row) for row in session.scalars(sa.select(EnteredTariff).order_by(EnteredTariff.position.desc())))


def _as_tariff(row: EnteredTariff) -> Tariff:
    prices, items = ({name: Decimal(price) for name, price in found.items()} for found in (row.prices, row.prasarana))
    return Tariff(row.code, row.rule_set, False, row.legal_basis, row.valid_from, row.valid_to, prices, items)


def tariff_on(rule_set_name: str, day: date, since: Sequence[Tariff] = ()) -> Tariff | None:
    """The city's tariff of a rule set on `day`, if it had one; of those entered `since` the last counts before those of `data/`."""
    return next((tariff for tariff in (*since, *tariffs()) if tariff.rule_set == rule_set_name and tariff.holds_on(day)), None)


def enter(session: Session, actor: Actor, request: Mapping[str, Any], now: datetime) -> Tariff:
    """A new tariff, from a day that is still to come, so that no assessment that was fixed could come out otherwise.

    Raises `InputWrong` for a rule set without tariffs, prices that are missing or not its own, and a day that is not ahead.
    """
    wanted = PRICES_OF.get(request["rule_set"])
    if wanted is None:
        raise InputWrong({"rule_set": ["not-in-table"]})
    errors: dict[str, Any] = {name: ["required"] for name in wanted - set(request["prices"])}
    errors |= {name: ["unknown-field"] for name in set(request["prices"]) - wanted}
    errors |= {name: ["must-be-positive"] for name, price in request["prices"].items() if price <= 0}
    if errors:
        raise InputWrong({"prices": errors})
    if request["valid_from"] <= day_of(now) or (request.get("valid_to") or date.max) < request["valid_from"]:
        raise InputWrong({"valid_from": ["tariff-not-ahead"]})
    if request["code"] in {tariff.code for tariff in (*entered(session), *tariffs())}:
        raise RuleBroken("tariff-code-taken", tariff=request["code"])
    row = EnteredTariff(
        code=request["code"], rule_set=request["rule_set"], legal_basis=request["legal_basis"], valid_from=request["valid_from"],
        valid_to=request.get("valid_to"), prices=plain(request["prices"]), prasarana=plain(request.get("prasarana", {})),
        entered_by=actor.sub, entered_at=now,
    )  # fmt: skip
    session.add(row)
    return _as_tariff(row)
