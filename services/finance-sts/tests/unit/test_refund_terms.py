"""Until when what was paid too much is decided, assessed and paid, and what it bears when it is paid later."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance_sts.rules.interest import interest, started_months
from finance_sts.use_cases import tables

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("asked", "decided", "assessed"),
    [(date(2026, 2, 12), date(2026, 8, 12), date(2026, 9, 12)), (date(2026, 8, 31), date(2027, 2, 28), date(2027, 3, 28))],
)
def test_it_is_decided_within_six_months_and_assessed_within_one_more(asked: date, decided: date, assessed: date) -> None:
    rule = tables.refund_rule(asked)
    assert (rule.decide_by(asked), rule.assess_by(decided)) == (decided, assessed)


def test_it_is_paid_within_two_months_of_its_skrdlb_the_last_day_of_a_shorter_month() -> None:
    assert tables.refund_rule(date(2026, 1, 1)).pay_by(date(2026, 12, 31)) == date(2027, 2, 28)


@given(st.integers(0, 10**12), DAYS, st.integers(0, 3000))
def test_what_is_paid_late_bears_the_same_for_each_started_month_without_a_cap(principal: int, pay_by: date, days: int) -> None:
    rule, paid_on = tables.refund_rule(pay_by), pay_by + timedelta(days=days)
    found = interest(rule, principal, pay_by, paid_on)
    assert found.months == started_months(pay_by, paid_on) and (found.months == 0) == (days == 0)
    assert found.amount == int(principal * rule.percent_per_month * found.months / 100)
