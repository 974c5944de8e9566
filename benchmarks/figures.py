"""A figure, what is wanted of it, and the table of all."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One thing measured. `wanted` is what the project promises, empty where the figure only explains another; `holds` whether it is kept."""

    name: str
    value: float
    unit: str
    wanted: str = ""
    holds: bool = True


@dataclass(frozen=True)
class Skipped:
    """What could not be measured here, and why, in one sentence."""

    name: str
    reason: str


def at_least(name: str, value: float, wanted: float, unit: str = "x") -> Figure:
    """A figure that must reach `wanted`."""
    return Figure(name, value, unit, f">= {wanted:g}", value >= wanted)


def at_most(name: str, value: float, wanted: float, unit: str = "ms") -> Figure:
    """A figure that must not exceed `wanted`."""
    return Figure(name, value, unit, f"<= {wanted:g}", value <= wanted)


def line(one: Figure | Skipped) -> str:
    """A row of the table."""
    if isinstance(one, Skipped):
        return f"  - {one.name}: skipped, {one.reason}"
    value = f"{one.value:,.0f}" if one.value >= 1000 else f"{one.value:.2f}"
    mark = " " if not one.wanted else "✓" if one.holds else "✗"
    return f"  {mark} {one.name:<76} {value:>10} {one.unit:<6} {one.wanted}".rstrip()


def missed(measured: Iterable[Figure | Skipped]) -> list[Figure]:
    """The promises that were not kept."""
    return [one for one in measured if isinstance(one, Figure) and not one.holds]
