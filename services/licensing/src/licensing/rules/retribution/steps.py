"""What a calculation is made of: exact numbers, named steps, and the refusal of what cannot be."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Clamped, Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow, localcontext
from typing import Any

from smartcity.money import rupiah

Tables = Mapping[str, Any]
LARGEST_TOTAL = Decimal(10) ** 15
ROUNDED = "round(total)"
_EXACT = Context(prec=400, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow, Clamped])
_SHOWN = Context(prec=28)


class Impossible(Exception):
    """An input that cannot be: `path` leads to the field, `code` says what is wrong with it."""

    def __init__(self, path: tuple[str | int, ...], code: str) -> None:
        super().__init__(code)
        self.path = path
        self.code = code


@dataclass(frozen=True)
class Step:
    """One line of the arithmetic: enough to do it again on paper, or by a machine.

    `expression` is made of numbers and of symbols that stand above, with `+ − × / ( )`; empty where the value is given or looked up.
    A quotient that does not end is shown to 28 digits; whoever computes the expressions with fractions gets every amount exactly.
    """

    symbol: str
    value: str
    unit: str
    formula: str
    legal_basis: str
    expression: str = ""


@dataclass(frozen=True)
class Calculation:
    """A retribution with every value on the way. `values` has the names of the published worked examples."""

    total_rp: int
    values: Mapping[str, Any]
    steps: tuple[Step, ...]


@contextmanager
def exact() -> Iterator[None]:
    """Arithmetic inside is exact; an operation that would round raises `decimal.Inexact` instead."""
    with localcontext(_EXACT):
        yield


def shown_quotient(dividend: Decimal, divisor: Decimal) -> Decimal:
    """A quotient to 28 digits: for showing only, money is never computed from it."""
    return _SHOWN.divide(dividend, divisor)


def shown_product(*factors: Decimal) -> Decimal:
    """A product to 28 digits: for showing only."""
    product = Decimal(1)
    for factor in factors:
        product = _SHOWN.multiply(product, factor)
    return product


def shown_sum(*parts: Decimal) -> Decimal:
    """A sum to 28 digits: for showing only."""
    total = Decimal(0)
    for part in parts:
        total = _SHOWN.add(total, part)
    return total


def product(*factors: Decimal) -> str:
    """An expression of numbers: `72 × 0.005`."""
    return " × ".join(plain(factor) for factor in factors)


def plain(number: Decimal) -> str:
    """The number without exponent and without idle zeros: `0.1`, `187625`."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def looked_up(table: Mapping[str, Any], key: str, path: tuple[str | int, ...]) -> Decimal:
    """The index of `key`; raises `Impossible` for a class the table does not have."""
    if key not in table:
        raise Impossible(path, "not-in-table")
    row = table[key]
    return Decimal(row["indeks"] if isinstance(row, Mapping) else row)


def positive(number: Decimal, path: tuple[str | int, ...]) -> Decimal:
    """The number, if it is finite and above zero."""
    if not number.is_finite() or number <= 0:
        raise Impossible(path, "must-be-positive")
    return number


def not_negative(number: Decimal, path: tuple[str | int, ...]) -> Decimal:
    """The number, if it is finite and not below zero."""
    if not number.is_finite() or number < 0:
        raise Impossible(path, "must-not-be-negative")
    return number


@dataclass
class Sheet:
    """The steps of one calculation as they are written down. `bases` replaces the legal basis of prices of a tariff."""

    texts: Mapping[str, tuple[str, str, str]]
    bases: Mapping[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def write(self, symbol: str, value: Decimal | int, expression: str = "", *, part: str = "", detail: str = "") -> str:
        """One step, by its name; `part` tells several of the same symbol apart, `detail` puts numbers behind the formula."""
        unit, formula, basis = self.texts[symbol]
        name = f"{symbol}.{part}" if part else symbol
        number = plain(value) if isinstance(value, Decimal) else str(value)
        said = f"{formula} ({detail})" if detail else formula
        self.steps.append(Step(name, number, unit, said, self.bases.get(name, basis), expression))
        return name

    def close(self, total: Decimal, expression: str, values: Mapping[str, Any], area_field: str) -> Calculation:
        """The one rounding, and the finished calculation; raises `Impossible` for a total no bill can hold."""
        if total >= LARGEST_TOTAL:
            raise Impossible((area_field,), "amount-too-large")
        amount = rupiah(total)
        self.write("total", total, expression)
        self.write("total_rp", amount, ROUNDED)
        return Calculation(amount, {**values, "total": plain(total), "total_rp": amount}, tuple(self.steps))
