"""The city's unit prices, put in where the inputs leave them out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from licensing.rules.retribution.steps import Impossible

PRICES: Mapping[str, str] = {"ilo": "Ilo", "shst": "SHST", "hsbg": "HSbg", "tarif": "tarif"}


@dataclass(frozen=True)
class Tariff:
    """Prices of one rule set from a date on. `sample`: not the city's enacted values, and every answer says so."""

    code: str
    rule_set: str
    sample: bool
    legal_basis: str
    valid_from: date
    valid_to: date | None
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    prasarana: Mapping[str, Decimal] = field(default_factory=dict)

    def holds_on(self, day: date) -> bool:
        """Is it in force on `day`?"""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Priced:
    """Inputs with every price in place. `bases`: legal basis by step symbol, for the prices that are the tariff's."""

    inputs: Mapping[str, Any]
    bases: dict[str, str]


def priced(inputs: Mapping[str, Any], names: tuple[str, ...], tariff: Tariff | None) -> Priced:
    """The inputs with the prices `names` and those of the items filled from `tariff`; raises `Impossible` where it has none."""
    filled, bases = dict(inputs), {}
    for name in names:
        if filled.get(name) is None:
            if tariff is None or name not in tariff.prices:
                raise Impossible((name,), "unit-price-needed")
            filled[name] = tariff.prices[name]
            bases[PRICES[name]] = tariff.legal_basis
    items = []
    for position, item in enumerate(filled.get("prasarana", ())):
        if item.get("hspbg") is None:
            item = {**item, "hspbg": _item_price(item["nama"], position, tariff)}
            bases[f"nilai_prasarana.{position + 1}"] = tariff.legal_basis if tariff else ""
        items.append(item)
    return Priced({**filled, "prasarana": items}, bases)


def _item_price(name: str, position: int, tariff: Tariff | None) -> Decimal:
    kind = name.strip().casefold().replace(" ", "")
    if tariff is None or kind not in tariff.prasarana:
        raise Impossible(("prasarana", position, "hspbg"), "unit-price-needed")
    return tariff.prasarana[kind]
