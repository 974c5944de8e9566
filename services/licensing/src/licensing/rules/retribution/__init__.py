"""Retribution of a permit: of a building by the rule set of the application's date, else by what the permit type says.

A calculation returns its steps, not only its result; it is exact and rounded once, half-up, to whole rupiah.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from licensing.rules.retribution import local_tariff, permen_pu_24_2007, pp_16_2021
from licensing.rules.retribution.relief import Relief, relieved
from licensing.rules.retribution.steps import Calculation, Impossible, Step, Tables
from licensing.rules.retribution.tariff import PRICES, Tariff, priced

__all__ = ["BUILDING", "PRICES", "RULE_SETS", "Calculation", "Impossible", "Relief", "Step", "Tariff", "calculate"]

PP_16_2021, PERMEN_PU_24_2007 = "pp-16-2021", "permen-pu-24-2007"
RULE_SETS = (PP_16_2021, PERMEN_PU_24_2007)
BUILDING, LOCAL_TARIFF, NONE = "building", "local-tariff", "none"
NO_RELIEF: Mapping[str, Relief] = MappingProxyType({})


def calculate(
    rule_set: str, tables: Tables, inputs: Mapping[str, Any], tariff: Tariff | None = None, reliefs: Mapping[str, Relief] = NO_RELIEF
) -> tuple[Calculation, bool]:
    """The retribution of `inputs` (field names of the published worked examples), and whether a price came from `tariff`.

    `reliefs`: those that may be granted, by code; `inputs` names the granted ones under `keringanan`.
    Raises `Impossible` for what cannot be: a class the tables do not have, no area, a price neither given nor in the tariff.
    """
    charged = {name: value for name, value in inputs.items() if name != "keringanan"}
    calculation, tariff_used = _ENGINES[rule_set](tables, charged, tariff)
    return relieved(calculation, inputs.get("keringanan", ()), reliefs), tariff_used


def _pbg(tables: Tables, inputs: Mapping[str, Any], tariff: Tariff | None) -> tuple[Calculation, bool]:
    full = priced(inputs, ("ilo", "shst"), tariff)
    items = tuple(pp_16_2021.Item(**item) for item in full.inputs["prasarana"])
    parts = tuple(pp_16_2021.Part(**part) for part in full.inputs.get("bagian_lain", ()))
    building = pp_16_2021.Inputs(**{**full.inputs, "prasarana": items, "bagian_lain": parts})
    return pp_16_2021.calculate(tables, building, full.bases), bool(full.bases)


def _imb(tables: Tables, inputs: Mapping[str, Any], tariff: Tariff | None) -> tuple[Calculation, bool]:
    full = priced(inputs, ("hsbg",), tariff)
    items = tuple(permen_pu_24_2007.Item(**item) for item in full.inputs["prasarana"])
    building = permen_pu_24_2007.Inputs(**{**full.inputs, "prasarana": items})
    return permen_pu_24_2007.calculate(tables, building, full.bases), bool(full.bases)


def _local(tables: Tables, inputs: Mapping[str, Any], tariff: Tariff | None) -> tuple[Calculation, bool]:
    full = priced(inputs, ("tarif",), tariff)
    fixed = local_tariff.Inputs(full.inputs["luas_m2"], full.inputs["indeks"], full.inputs["tarif"])
    return local_tariff.calculate(tables, fixed, full.bases), bool(full.bases)


def _nothing(tables: Tables, inputs: Mapping[str, Any], tariff: Tariff | None) -> tuple[Calculation, bool]:
    return local_tariff.nothing(tables), False


_ENGINES: dict[str, Callable[[Tables, Mapping[str, Any], Tariff | None], tuple[Calculation, bool]]] = {
    PP_16_2021: _pbg,
    PERMEN_PU_24_2007: _imb,
    LOCAL_TARIFF: _local,
    NONE: _nothing,
}
