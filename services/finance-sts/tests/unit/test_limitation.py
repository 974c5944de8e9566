"""Until when a debt may be collected: UU 28/2009 Pasal 167."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance_sts.rules.limitation import LimitationRule, limitation_on
from finance_sts.use_cases import tables

RULE = LimitationRule(3, "UU 28/2009 Pasal 167", "read", date(2010, 1, 1), None)
AROSE = date(2026, 2, 12)
DAYS = st.lists(st.dates(date(2020, 1, 1), date(2040, 1, 1)), max_size=6)


@pytest.mark.parametrize(
    ("interrupted", "last"),
    [
        ((), date(2029, 2, 12)),
        ((date(2026, 5, 1),), date(2029, 5, 1)),
        ((date(2028, 1, 1), date(2026, 5, 1)), date(2031, 1, 1)),
        ((date(2029, 2, 12),), date(2032, 2, 12)),
        ((date(2029, 2, 13),), date(2029, 2, 12)),
        ((date(2029, 2, 13), date(2028, 3, 1)), date(2032, 2, 13)),
        ((date(2025, 1, 1),), date(2029, 2, 12)),
    ],
)
def test_a_warning_or_an_acknowledgement_in_time_starts_it_anew_and_a_late_one_revives_nothing(
    interrupted: tuple[date, ...], last: date
) -> None:
    assert limitation_on(RULE, AROSE, interrupted) == last


def test_a_debt_of_a_leap_day_ends_on_the_last_of_february() -> None:
    assert limitation_on(RULE, date(2024, 2, 29), ()) == date(2027, 2, 28)


@given(days=DAYS)
def test_no_interruption_shortens_it_and_their_order_does_not_matter(days: list[date]) -> None:
    assert limitation_on(RULE, AROSE, days) >= limitation_on(RULE, AROSE, ())
    assert limitation_on(RULE, AROSE, days) == limitation_on(RULE, AROSE, days[::-1])


@pytest.mark.parametrize("arose", [date(2010, 1, 1), date(2024, 1, 4), date(2024, 1, 5), date(2026, 2, 12)])
def test_every_day_since_2010_has_its_rule_of_three_years(arose: date) -> None:
    assert tables.limitation_rule(arose).years == 3


def test_before_that_no_rule_holds() -> None:
    with pytest.raises(LookupError):
        tables.limitation_rule(date(2010, 1, 1) - timedelta(days=1))
