"""Small counts are hidden, and no sum of the others tells them."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from civil_registry.rules.small_counts import LEAST, suppressed

COUNTS = st.lists(st.integers(1, 40), min_size=1, max_size=12)


def rows(*counts: int, month: str = "2026-02") -> list[dict[str, Any]]:
    return [{"month": month, "key": str(turn), "births": count, "median_days": 3} for turn, count in enumerate(counts)]


def shown(*counts: int) -> list[int | None]:
    return [row["births"] for row in suppressed(rows(*counts), ("births", "median_days"))]


def test_four_are_hidden_and_five_are_not() -> None:
    assert shown(5, 6) == [5, 6]
    assert shown(4) == [None]
    assert shown(4, 9, 3) == [None, 9, None]
    hidden = suppressed(rows(4), ("births", "median_days"))[0]
    assert (hidden["median_days"], hidden["suppressed"], hidden["key"]) == (None, True, "0")


def test_one_alone_hidden_takes_the_smallest_other_with_it_in_its_own_month() -> None:
    assert shown(4, 30, 7) == [None, 30, None]
    both = suppressed([*rows(4, 9), *rows(8, 9, month="2026-03")], ("births",))
    assert [row["births"] for row in both] == [None, None, 8, 9]


@given(COUNTS)
def test_whoever_knows_the_sum_of_a_month_learns_no_small_count(counts: list[int]) -> None:
    told = shown(*counts)
    assert all(count is None or count >= LEAST for count in told)
    assert told.count(None) != 1 or len(counts) == 1
