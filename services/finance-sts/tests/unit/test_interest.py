"""Interest of what is paid late, and in which order a late bill is collected."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance_sts.rules.collection import CollectionRule, StepKind, next_step
from finance_sts.rules.interest import InterestRule, interest, interest_on_parts, started_months
from finance_sts.use_cases import tables
from smartcity.calendar import add_months

DUE = date(2026, 3, 31)
ISSUED = DUE - timedelta(days=30)


def a_rule(percent: str = "1", cap: int = 24, rounding: str = "down") -> InterestRule:
    return InterestRule(Decimal(percent), cap, rounding, "Perda", "memory", date(2020, 1, 1), None)


@pytest.mark.parametrize(("percent", "amount"), [("2", 60_000), ("1", 30_000)])
def test_a_million_two_months_and_a_day_late_bears_three_months_of_interest(percent: str, amount: int) -> None:
    found = interest(a_rule(percent), 1_000_000, DUE, date(2026, 6, 1))
    assert (found.months, found.amount) == (3, amount)


@pytest.mark.parametrize(("rounding", "principal", "amount"), [
    ("down", 199, 1), ("half_up", 149, 1), ("half_up", 150, 2), ("up", 101, 2), ("up", 100, 1),
])  # fmt: skip
def test_a_part_of_a_rupiah_goes_where_the_rule_says(rounding: str, principal: int, amount: int) -> None:
    assert interest(a_rule(rounding=rounding), principal, DUE, DUE + timedelta(days=1)).amount == amount


def test_paid_on_the_due_date_nothing_is_borne() -> None:
    assert interest(a_rule("2"), 1_000_000, DUE, DUE).amount == 0


@pytest.mark.parametrize(("due", "until", "months"), [
    (date(2026, 1, 31), date(2026, 2, 28), 1),
    (date(2026, 1, 31), date(2026, 3, 1), 2),
    (date(2028, 1, 31), date(2028, 2, 29), 1),
    (date(2026, 2, 28), date(2026, 3, 28), 1),
    (date(2026, 2, 28), date(2026, 3, 29), 2),
    (date(2026, 12, 5), date(2026, 12, 6), 1),
])  # fmt: skip
def test_a_month_ends_on_the_same_day_or_the_last_of_the_next(due: date, until: date, months: int) -> None:
    assert started_months(due, until) == months


RATES = st.sampled_from(["0.5", "1", "2"])


@given(st.integers(0, 10**12), st.integers(-400, 2000), st.integers(0, 400), RATES, st.integers(1, 30))
def test_interest_never_falls_with_time_is_nothing_in_time_and_never_over_the_cap(
    principal: int, late: int, more: int, percent: str, cap: int
) -> None:
    rule, day = a_rule(percent, cap), DUE + timedelta(days=late)
    now, later = interest(rule, principal, DUE, day), interest(rule, principal, DUE, day + timedelta(days=more))
    assert now.amount <= later.amount <= principal * Decimal(percent) * cap / 100
    assert now.amount == 0 or day > DUE


@given(st.integers(0, 10**12), st.integers(0, 40), st.integers(0, 40), RATES)
def test_what_is_claimed_in_two_goes_is_not_more_than_in_one(principal: int, first: int, then: int, percent: str) -> None:
    rule = a_rule(percent)
    early, late = add_months(DUE, first), add_months(DUE, first + then)
    one = interest(rule, principal, DUE, early)
    two = interest(rule, principal, DUE, late, one.months)
    whole = interest(rule, principal, DUE, late)
    assert whole.amount - 1 <= one.amount + two.amount <= whole.amount


def test_nobody_owes_less_than_nothing() -> None:
    with pytest.raises(ValueError):
        interest(a_rule(), -1, DUE, DUE)


@pytest.mark.parametrize(("due", "percent"), [(date(2024, 1, 4), 2), (date(2024, 1, 5), 1), (date(2026, 3, 31), 1)])
def test_the_rule_of_the_due_date_holds_for_all_of_the_delay_and_after_24_months_it_bears_no_more(due: date, percent: int) -> None:
    rule = tables.interest_rule(due)
    borne = [interest(rule, 1_000_099, due, add_months(due, months)).amount for months in (1, 24, 25, 60)]
    assert borne == [percent * 10_000 + percent * 99 // 100, *[24 * percent * 1_000_099 // 100] * 3]


def test_no_rule_no_interest_and_no_collection() -> None:
    for table in (tables.interest_rule, tables.collection_rule):
        with pytest.raises(LookupError):
            table(date(1999, 1, 1))


def test_reminders_come_before_the_letter_and_the_demand_a_week_after_it_however_late_that_went_out() -> None:
    rule = CollectionRule([-7, 1], 7, 7, "x", "Perda", "memory", date(2020, 1, 1), None)
    remind, warn, demand = StepKind
    taken: list[tuple[StepKind, date]] = []
    for kind, day, on in (
        (remind, date(2026, 3, 24), date(2026, 3, 24)), (remind, date(2026, 4, 1), date(2026, 4, 1)), (warn, date(2026, 4, 7), date(2026, 5, 2)),
        (demand, date(2026, 5, 9), date(2026, 5, 9)),
    ):  # fmt: skip
        assert next_step(rule, DUE, ISSUED, taken) == (kind, day)
        taken.append((kind, on))
    assert next_step(rule, DUE, ISSUED, taken) is None


def test_what_was_late_when_it_was_issued_is_collected_from_that_day() -> None:
    rule, issued = CollectionRule([-7, 1], 7, 7, "x", "Perda", "memory", date(2020, 1, 1), None), DUE + timedelta(days=20)
    reminded = (StepKind.REMINDER, issued + timedelta(days=1))
    warned = (StepKind.WARNING_LETTER, issued + timedelta(days=7))
    assert next_step(rule, DUE, issued, []) == reminded
    assert next_step(rule, DUE, issued, [reminded]) == warned
    assert next_step(rule, DUE, issued, [reminded, warned]) == (StepKind.DEMAND, issued + timedelta(days=14))


def test_a_reminder_whose_day_had_passed_when_the_bill_was_issued_is_left_out() -> None:
    rule = CollectionRule([-7, 1], 7, 7, "x", "Perda", "memory", date(2020, 1, 1), None)
    assert next_step(rule, DUE, DUE - timedelta(days=3), []) == (StepKind.REMINDER, DUE + timedelta(days=1))


def test_each_part_bears_what_its_own_day_says_and_what_came_in_time_nothing() -> None:
    parts = [(400_000, DUE), (500_000, DUE + timedelta(days=1)), (100_001, add_months(DUE, 2))]
    assert interest_on_parts(a_rule(), DUE, parts) == sum(interest(a_rule(), amount, DUE, day).amount for amount, day in parts)
    assert interest_on_parts(a_rule(), DUE, parts[:1]) == interest_on_parts(a_rule(), DUE, []) == 0
