"""Due dates, virtual account numbers, and money shared to the last rupiah."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance_sts.rules.apportion import apportion, scale
from finance_sts.rules.due_dates import DueRule, due_on
from finance_sts.rules.virtual_account import account_no, check_digit, customer_no


def a_rule(unit: str, count: int, roll: bool = False) -> DueRule:
    return DueRule("x", unit, count, roll, "Perda", date(2020, 1, 1), date(2030, 12, 31))  # type: ignore[arg-type]


@pytest.mark.parametrize("unit, count, issued, due", [
    ("calendar_days", 30, date(2026, 2, 16), date(2026, 3, 18)),
    ("calendar_months", 1, date(2026, 1, 31), date(2026, 2, 28)),
    ("calendar_months", 1, date(2028, 1, 31), date(2028, 2, 29)),
    ("calendar_months", 1, date(2026, 12, 5), date(2027, 1, 5)),
    ("calendar_months", 14, date(2026, 11, 30), date(2028, 1, 30)),
    ("working_days", 1, date(2026, 2, 13), date(2026, 2, 18)),  # over a weekend, joint leave and Imlek
])  # fmt: skip
def test_a_bill_falls_due_by_its_rule(unit: str, count: int, issued: date, due: date) -> None:
    assert due_on(a_rule(unit, count), issued) == due


def test_a_holiday_moves_the_day_only_where_the_rule_says_so() -> None:
    saturday = date(2026, 2, 21)
    assert due_on(a_rule("calendar_days", 5), date(2026, 2, 16)) == saturday
    assert due_on(a_rule("calendar_days", 5, roll=True), date(2026, 2, 16)) == date(2026, 2, 23)


def test_a_rule_holds_within_its_dates() -> None:
    rule = a_rule("calendar_days", 1)
    assert rule.holds_on(date(2020, 1, 1)) and rule.holds_on(date(2030, 12, 31))
    assert not rule.holds_on(date(2019, 12, 31)) and not rule.holds_on(date(2031, 1, 1))


def test_a_virtual_account_is_the_padded_partner_and_the_customer() -> None:
    assert account_no("12710", "2026000000000042") == "   127102026000000000042"
    assert account_no("88812710", "2026000000000042") == "888127102026000000000042"
    for wrong in ("", "123456789", "12a"):
        with pytest.raises(ValueError):
            account_no(wrong, "2026000000000042")


def test_the_check_digit_is_luhn_s() -> None:
    assert check_digit("7992739871") == "3"


@given(st.integers(1, 10**11 - 1), st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_nobody_s_number(serial: int, place: int, by: int) -> None:
    number = customer_no(2026, serial)
    assert len(number) == 16 and number[-1] == check_digit(number[:-1])
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert wrong[-1] != check_digit(wrong[:-1])


@pytest.mark.parametrize("serial", [0, -1, 10**11])
def test_a_year_s_numbers_can_be_used_up(serial: int) -> None:
    with pytest.raises(ValueError):
        customer_no(2026, serial)


def test_a_payment_fills_the_heads_in_their_order() -> None:
    assert apportion(0, [5, 5]) == [0, 0]
    assert apportion(7, [5, 0, 5]) == [5, 0, 2]
    for amount, parts in ((11, [5, 5]), (-1, [5]), (1, [-1, 5])):
        with pytest.raises(ValueError):
            apportion(amount, parts)


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=20), st.data())
def test_shares_are_exactly_the_payment_and_never_over_a_head(parts: list[int], data: st.DataObject) -> None:
    amount = data.draw(st.integers(0, sum(parts)))
    shares = apportion(amount, parts)
    assert sum(shares) == amount
    assert all(0 <= share <= part for share, part in zip(shares, parts, strict=True))


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=20).filter(any), st.data())
def test_a_smaller_sum_keeps_the_proportion_to_the_rupiah(parts: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, sum(parts)))
    shares = scale(total, parts)
    assert sum(shares) == total
    assert all(abs(share * sum(parts) - total * part) < sum(parts) for share, part in zip(shares, parts, strict=True))
    assert scale(sum(parts), parts) == parts


def test_nothing_has_no_proportion() -> None:
    for total, parts in ((1, [0, 0]), (-1, [5])):
        with pytest.raises(ValueError):
            scale(total, parts)
