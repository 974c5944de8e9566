"""Until when a bill may be objected to, until when it must be decided, and what money that goes back bears."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance_sts.rules.interest import interest
from finance_sts.use_cases import tables
from smartcity.calendar import add_months

RULE = tables.objection_rule(date(2022, 6, 1))
DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("issued", "last"),
    [(date(2026, 2, 12), date(2026, 5, 12)), (date(2025, 11, 30), date(2026, 2, 28)), (date(2026, 1, 31), date(2026, 4, 30))],
)
def test_a_bill_is_objected_to_for_three_months_and_a_month_that_lacks_the_day_ends_on_its_last(issued: date, last: date) -> None:
    assert tables.objection_rule(issued).file_by(issued) == last


def test_it_is_decided_within_six_months_of_its_filing() -> None:
    assert RULE.decide_by(date(2026, 8, 31)) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("paid", "assessed", "months", "amount"),
    [
        (date(2026, 3, 1), date(2026, 3, 1), 0, 0),
        (date(2026, 3, 1), date(2026, 3, 2), 1, 20_000),
        (date(2026, 3, 1), date(2026, 4, 1), 1, 20_000),
        (date(2026, 3, 1), date(2026, 4, 2), 2, 40_000),
        (date(2026, 3, 1), date(2029, 3, 1), 12, 240_000),
    ],
)
def test_two_percent_for_each_started_month_twelve_at_most(paid: date, assessed: date, months: int, amount: int) -> None:
    found = interest(RULE, 1_000_000, paid, assessed)
    assert (found.months, found.amount) == (months, amount)


@given(st.integers(0, 10**12), DAYS, st.integers(0, 2000))
def test_it_never_bears_more_than_the_cap_and_never_less_for_waiting(principal: int, paid: date, days: int) -> None:
    found, later = (interest(RULE, principal, paid, paid + timedelta(days=n)) for n in (days, days + 1))
    assert 0 <= found.amount <= later.amount <= principal * RULE.percent_per_month * RULE.cap_months / 100


@given(DAYS)
def test_a_rule_holds_on_every_day_and_its_terms_are_in_order(day: date) -> None:
    rule = tables.objection_rule(day)
    assert day < rule.file_by(day) == add_months(day, 3) < rule.decide_by(day) and rule.percent_per_month == Decimal(2)


def test_nobody_is_owed_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        interest(RULE, -1, date(2026, 1, 1), date(2026, 2, 1))
