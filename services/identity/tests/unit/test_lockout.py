"""How long one who guesses must wait."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from identity.rules.lockout import PATIENCE, Guarded, wait_after


def test_the_first_mistakes_are_free_and_then_the_wait_doubles() -> None:
    waits = [int(wait_after(Guarded.ACCOUNT, failures).total_seconds()) for failures in range(1, 12)]
    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900]


def test_an_address_shared_by_an_office_is_given_more_patience_than_one_name() -> None:
    assert PATIENCE[Guarded.ADDRESS].free > PATIENCE[Guarded.ACCOUNT].free


@given(st.sampled_from(Guarded), st.integers(0, 10**9))
def test_the_wait_never_shrinks_and_never_passes_its_cap(guarded: Guarded, failures: int) -> None:
    wait = wait_after(guarded, failures)
    assert timedelta() <= wait <= wait_after(guarded, failures + 1) <= PATIENCE[guarded].longest
