"""The rules an SRE expects of an overlay, each with the mistake that must turn it red."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from deploy.k8s.tests.rendering import OVERLAYS, Rendered

Look = Callable[[Rendered], Iterable[str]]
Spoil = Callable[[Rendered], object]


@dataclass(frozen=True)
class Rule:
    """`look` names what breaks the rule; `spoils` are mistakes, each of which it must name. `holds_in` are overlays."""

    look: Look
    spoils: tuple[Spoil, ...]
    holds_in: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.look.__name__


RULES: list[Rule] = []


def rule(*spoils: Spoil, only: tuple[str, ...] = OVERLAYS) -> Callable[[Look], Look]:
    """Register a rule with the mistakes that turn it red."""

    def register(look: Look) -> Look:
        RULES.append(Rule(look, spoils, only))
        return look

    return register
