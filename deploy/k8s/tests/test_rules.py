"""Every rule holds in every overlay, and every mistake it was made for turns it red."""

import pytest

from deploy.k8s.tests.rendering import OVERLAYS, rendered
from deploy.k8s.tests.rules import RULES, Rule, data, network, pods, scaling

assert all((data, network, pods, scaling))  # they register their rules
MISTAKES = [(rule, number) for rule in RULES for number in range(len(rule.spoils))]


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_holds(rule: Rule, overlay: str) -> None:
    if overlay in rule.holds_in:
        assert list(rule.look(rendered(f"overlays/{overlay}"))) == []


@pytest.mark.parametrize(("rule", "number"), MISTAKES, ids=[f"{rule.name}-{number}" for rule, number in MISTAKES])
def test_a_mistake_turns_it_red(rule: Rule, number: int) -> None:
    spoilt = rendered("overlays/production").with_change(rule.spoils[number])
    assert list(rule.look(spoilt)) != []


def test_every_rule_has_a_mistake() -> None:
    assert [rule.name for rule in RULES if not rule.spoils] == []
