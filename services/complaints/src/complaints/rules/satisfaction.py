"""The citizens' satisfaction index (IKM/SKM): Permenpan RB 14/2017 and Kepmenpan 25/2004, in exact fractions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

CONVERSION = 25
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Index:
    """`value` from 1 to 4, exact; `ikm` = value × 25 with two decimals, half up; `grade` A to D, by the rounded IKM."""

    value: Fraction
    ikm: Decimal
    grade: str


def mean(total: int, answers: int) -> Fraction:
    """NRR of an element: the sum of its scores by those who answered it."""
    return Fraction(total, answers)


def index(means: Sequence[Fraction], bands: Mapping[str, Decimal], weight: Fraction | None = None) -> Index:
    """Σ(NRR × weight) × 25. Without `weight` every element weighs exactly 1/n. Raises `ValueError` without elements."""
    if not means:
        raise ValueError("an index needs at least one element")
    value = sum(means, Fraction(0)) * (Fraction(1, len(means)) if weight is None else weight)
    ikm = rounded(value * CONVERSION)
    grade = next((grade for grade, least in sorted(bands.items()) if ikm >= least), max(bands))
    return Index(value, ikm, grade)


def rounded(value: Fraction, step: Decimal = CENT) -> Decimal:
    """To two decimals (or `step`), half up; from the fraction itself, so that nothing is rounded twice."""
    units = value / Fraction(step)
    return Decimal(int(units + Fraction(1, 2))) * step
