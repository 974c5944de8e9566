"""A bank is asked soon, then ever more seldom, and not for ever."""

from datetime import UTC, date, datetime, timedelta

from finance_sts.rules.asking_again import next_question
from finance_sts.use_cases.tables import question_rule

RULE = question_rule(date(2026, 2, 12))
SINCE = datetime(2026, 2, 12, 3, tzinfo=UTC)


def test_each_gap_is_twice_the_one_before_and_at_most_six_hours() -> None:
    at = [next_question(RULE, SINCE, asked, SINCE) for asked in range(8)]
    assert [(one - SINCE).total_seconds() / 60 for one in at if one] == [10, 20, 40, 80, 160, 320, 360, 360]
    assert next_question(RULE, SINCE, 10**9, SINCE) == SINCE + timedelta(hours=6)


def test_after_thirty_days_nobody_is_asked_any_more() -> None:
    assert next_question(RULE, SINCE, 5, SINCE + timedelta(days=30, seconds=-1)) is not None
    assert next_question(RULE, SINCE, 5, SINCE + timedelta(days=30)) is None


def test_what_is_not_known_after_a_day_is_unknown() -> None:
    assert RULE.unknown_since(SINCE + timedelta(days=1)) == SINCE
