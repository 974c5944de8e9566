"""Who is given the next one."""

from datetime import UTC, datetime

from licensing.rules.spreading import Candidate, chosen

EARLY, LATE = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC)


def test_the_fewest_open_come_first_and_of_equals_who_was_given_one_longest_ago() -> None:
    assert chosen([Candidate("a", 2, EARLY), Candidate("b", 1, LATE)], set()) == "b"
    assert chosen([Candidate("a", 1, LATE), Candidate("b", 1, EARLY)], set()) == "b"
    assert chosen([Candidate("a", 1, EARLY), Candidate("b", 1, None)], set()) == "b"


def test_who_is_barred_is_never_given_one() -> None:
    assert chosen([Candidate("a", 0, None), Candidate("b", 9, LATE)], {"a"}) == "b"
    assert chosen([Candidate("a", 0, None)], {"a"}) is None
    assert chosen([], set()) is None
