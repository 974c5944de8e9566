"""Conditions that a permit type's file puts on the answers. Numbers may be written as texts; all is compared exactly.

A condition names answers and tests: `{fungsi: {one_of: [usaha]}, luas_m2: {at_most: 72}}`; of several conditions one is enough.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

Condition = Mapping[str, Mapping[str, Any]]

COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "at_least": lambda value, bound: value >= bound,
    "at_most": lambda value, bound: value <= bound,
    "below": lambda value, bound: value < bound,
}


def holds(conditions: Sequence[Condition], answers: Mapping[str, Any]) -> bool:
    """Does one of the conditions fit? An answer that was not given counts as 0 where it is compared."""
    return any(all(_passes(test, name, answers) for name, test in condition.items()) for condition in conditions)


def _passes(test: Mapping[str, Any], name: str, answers: Mapping[str, Any]) -> bool:
    if "one_of" in test and answers.get(name) not in test["one_of"]:
        return False
    bounds = [(COMPARE[word], Decimal(str(bound))) for word, bound in test.items() if word in COMPARE]
    return all(compare(_number(answers, name), bound * _number(answers, test.get("per"))) for compare, bound in bounds)


def _number(answers: Mapping[str, Any], name: str | None) -> Decimal:
    """The answer as a number; 1 where none is named."""
    return Decimal(1) if name is None else Decimal(str(answers.get(name, 0)))


def named(conditions: Sequence[Condition]) -> frozenset[str]:
    """Every answer that the conditions speak of."""
    return frozenset(name for condition in conditions for name in condition) | compared(conditions)


def compared(conditions: Sequence[Condition]) -> frozenset[str]:
    """Every answer that must be a number."""
    tests = [(name, test) for condition in conditions for name, test in condition.items() if COMPARE.keys() & test.keys()]
    return frozenset({name for name, _ in tests} | {test["per"] for _, test in tests if "per" in test})
