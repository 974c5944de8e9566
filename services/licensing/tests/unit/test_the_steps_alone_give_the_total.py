"""Whoever has the steps needs nothing of ours: a small calculator that knows fractions, four operations and one rounding gets every value."""

import ast
import math
import operator
import re
from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from licensing.rules.retribution import Step, calculate
from licensing.use_cases.permit_types import permit_type
from licensing.use_cases.reliefs import reliefs_on
from licensing.use_cases.tariffs import rule_set, tariff_on

from .test_properties_of_the_retribution import area, basement, new_building, old_building

DAY = date(2026, 2, 10)
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*|[0-9]+(?:\.[0-9]+)?")
OPERATIONS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


def value_of(expression: str, known: dict[str, Fraction]) -> Fraction:
    """The value of `expression`, of numbers and of the symbols in `known`; `round(x)` is half-up."""
    words: list[str] = []

    def placed(match: re.Match[str]) -> str:
        words.append(match[0])
        return f"v{len(words) - 1}"

    plain = WORD.sub(placed, expression).replace("×", "*").replace("−", "-")
    tree = ast.parse(plain, mode="eval").body

    def walked(node: ast.AST) -> Fraction:
        if isinstance(node, ast.BinOp):
            return Fraction(OPERATIONS[type(node.op)](walked(node.left), walked(node.right)))
        if isinstance(node, ast.Call):
            return Fraction(math.floor(walked(node.args[0]) + Fraction(1, 2)))
        assert isinstance(node, ast.Name)
        word = words[int(node.id[1:])]
        return known[word] if word in known else Fraction(word)

    return walked(tree)


def recomputed(steps: Iterable[Step]) -> int:
    """The total in rupiah by the steps alone; every amount on the way must be exactly what was shown."""
    known: dict[str, Fraction] = {}
    for step in steps:
        shown = Fraction(step.value)
        known[step.symbol] = value_of(step.expression, known) if step.expression else shown
        off = abs(known[step.symbol] - shown)
        assert off == 0 if step.unit else off < Fraction(1, 10**20), step
    return int(known["total_rp"])


def test_every_worked_example_is_recomputed_from_its_steps(verified: dict[str, Any]) -> None:
    calculation, _ = calculate(verified["rule_set"], rule_set(verified["rule_set"]).tables, verified["inputs"])
    assert recomputed(calculation.steps) == verified["expected"]["total_rp"]


further = st.lists(st.builds(lambda part, below: {**part, **below}, st.fixed_dictionaries({"jumlah_lantai": st.integers(1, 80), "luas_lantai_m2": area}), basement), max_size=3)  # fmt: skip
granted = st.lists(st.sampled_from(["bangunan-gedung-hijau", "cagar-budaya"]), unique=True).map(
    lambda codes: [{"kode": code} for code in codes]
)


@given(new_building, basement, further, granted)
def test_any_pbg_total_is_recomputed_from_its_steps(
    building: dict[str, Any], below: dict[str, Any], parts: list[dict[str, Any]], relief: list[dict[str, Any]]
) -> None:
    inputs = {**building, **below, "bagian_lain": parts, "keringanan": relief}
    calculation, _ = calculate("pp-16-2021", rule_set("pp-16-2021").tables, inputs, None, reliefs_on("pp-16-2021", DAY))
    assert recomputed(calculation.steps) == calculation.total_rp


@given(old_building)
def test_any_imb_total_is_recomputed_from_its_steps(building: dict[str, Any]) -> None:
    calculation, _ = calculate("permen-pu-24-2007", rule_set("permen-pu-24-2007").tables, building)
    assert recomputed(calculation.steps) == calculation.total_rp


@given(area, st.sampled_from(["usaha", "usaha_mikro", "sosial"]), st.booleans())
def test_any_local_total_is_recomputed_from_its_steps(size: Any, index: str, social: bool) -> None:
    inputs = {"luas_m2": size, "indeks": index, "keringanan": [{"kode": "kegiatan-sosial"}] if social else []}
    tariff, reliefs = tariff_on("pemakaian-tanah", DAY), reliefs_on("pemakaian-tanah", DAY)
    calculation, _ = calculate("local-tariff", permit_type("TANAH").fee, inputs, tariff, reliefs)
    assert recomputed(calculation.steps) == calculation.total_rp


def test_nothing_charged_is_recomputed_too() -> None:
    calculation, _ = calculate("none", permit_type("TRAYEK").fee, {})
    assert recomputed(calculation.steps) == 0
