"""Sixty days are in time, sixty-one are late."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civil_registry.rules.lateness import days_after_birth, is_late

BORN = date(2026, 1, 1)


@pytest.mark.parametrize(("received", "days", "late"), [
    (date(2026, 1, 1), 0, False), (date(2026, 3, 1), 59, False), (date(2026, 3, 2), 60, False), (date(2026, 3, 3), 61, True),
    (date(2036, 1, 1), 3652, True),
])  # fmt: skip
def test_the_sixtieth_day_is_in_time_and_the_next_is_late(received: date, days: int, late: bool) -> None:
    assert days_after_birth(received, BORN) == days
    assert is_late(days, 60) is late


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 40_000))
def test_days_are_counted_from_the_birth_whatever_the_month_or_leap_year(born: date, days: int) -> None:
    assert days_after_birth(born + timedelta(days=days), born) == days
