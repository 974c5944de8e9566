"""Area × tariff × index, recomputable from its steps; and nothing where nothing may be charged."""

from decimal import Decimal
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.rules.retribution import Impossible, Tariff, calculate
from licensing.use_cases.permit_types import permit_type
from licensing.use_cases.tariffs import tariff_on
from smartcity.calendar import day_of
from smartcity.clock import real_now

TABLES = permit_type("TANAH").fee
AREAS = st.decimals("0.01", "1000000", places=2)


def tariff() -> Tariff:
    found = tariff_on("pemakaian-tanah", day_of(real_now()))
    assert found is not None
    return found


def test_the_steps_recompute_the_total() -> None:
    found, tariff_used = calculate("local-tariff", TABLES, {"luas_m2": Decimal("37.5"), "indeks": "usaha_mikro"}, tariff())
    values = {step.symbol: Decimal(step.value) for step in found.steps}
    assert prod(values[symbol] for symbol in ("L", "tarif", "I")) == values["total"] == 225_000
    assert (found.total_rp, tariff_used) == (225_000, True)
    assert next(step for step in found.steps if step.symbol == "tarif").legal_basis == tariff().legal_basis


@given(AREAS, AREAS)
def test_more_area_never_costs_less_and_parts_cost_what_the_whole_does(one: Decimal, more: Decimal) -> None:
    def exact(area: Decimal) -> Decimal:
        return Decimal(calculate("local-tariff", TABLES, {"luas_m2": area, "indeks": "usaha"}, tariff())[0].values["total"])

    assert exact(one) + exact(more) == exact(one + more) > exact(one)


@pytest.mark.parametrize(
    ("inputs", "path", "code"),
    [
        ({"luas_m2": Decimal(0), "indeks": "usaha"}, "luas_m2", "must-be-positive"),
        ({"luas_m2": Decimal("NaN"), "indeks": "usaha"}, "luas_m2", "must-be-positive"),
        ({"luas_m2": Decimal(1), "indeks": "istana"}, "indeks", "not-in-table"),
        ({"luas_m2": Decimal(1), "indeks": "usaha", "tarif": Decimal(-1)}, "tarif", "must-be-positive"),
    ],
)
def test_what_cannot_be_is_refused_by_name(inputs: dict[str, object], path: str, code: str) -> None:
    with pytest.raises(Impossible, match=code) as refused:
        calculate("local-tariff", TABLES, inputs, tariff())
    assert refused.value.path == (path,)


def test_without_tariff_and_without_price_nothing_is_guessed() -> None:
    with pytest.raises(Impossible, match="unit-price-needed"):
        calculate("local-tariff", TABLES, {"luas_m2": Decimal(1), "indeks": "usaha"}, None)


def test_nothing_is_charged_by_the_law_that_says_so() -> None:
    found, _ = calculate("none", permit_type("TRAYEK").fee, {})
    assert found.total_rp == 0
    assert "UU 1/2022" in found.steps[0].legal_basis
