"""Children of one birth."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civil_registry.rules.siblings import in_turn, wrong_siblings

DAY = date(2026, 2, 5)


def child(days: int = 0, turn: int | None = None) -> dict[str, Any]:
    return {"born_on": DAY + timedelta(days=days), "twin_order": turn}


@pytest.mark.parametrize(("children", "code"), [
    ([child(), child()], None), ([child(), child(1)], None), ([child(), child(-1), child(1)], None),
    ([child(), child(2)], "sibling-of-another-day"), ([child(turn=2), child(turn=2)], "sibling-turn-twice"),
    ([child(turn=2), child(turn=1)], None),
])  # fmt: skip
def test_siblings_are_of_about_one_day_and_each_of_its_own_turn(children: list[dict[str, Any]], code: str | None) -> None:
    assert wrong_siblings(children) == code


@given(st.lists(st.none() | st.integers(1, 10), min_size=2, max_size=10, unique_by=lambda turn: turn or object()))
def test_each_gets_a_turn_of_its_own_and_keeps_the_one_told(turns: list[int | None]) -> None:
    given_turns = [one["twin_order"] for one in in_turn([child(turn=turn) for turn in turns])]
    assert len(set(given_turns)) == len(turns) and all(given_turns)
    assert all(told in (None, turn) for told, turn in zip(turns, given_turns, strict=True))
