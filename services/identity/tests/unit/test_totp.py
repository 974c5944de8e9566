"""Time-based one-time passwords against the examples of their standards."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.rules.totp import STEP, code_of, fitting_step, secret_of, step_of, text_of, uri_of

KEY = b"12345678901234567890"
NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_vectors_of_rfc_6238_appendix_b_hold(seconds: int, code: str) -> None:
    assert code_of(KEY, step_of(datetime.fromtimestamp(seconds, UTC)), 8) == code


def test_the_vectors_of_rfc_4226_appendix_d_hold() -> None:
    codes = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
    assert [code_of(KEY, count) for count in range(10)] == codes


def test_a_clock_may_be_one_step_off_and_no_more() -> None:
    here = step_of(NOW)
    found = [fitting_step(KEY, code_of(KEY, here + off), NOW, 0) for off in (-2, -1, 0, 1, 2)]
    assert found == [None, here - 1, here, here + 1, None]


def test_a_code_counts_once_and_none_before_it_after_it() -> None:
    here = step_of(NOW)
    assert fitting_step(KEY, code_of(KEY, here), NOW, here) is None
    assert fitting_step(KEY, code_of(KEY, here - 1), NOW, here) is None
    assert fitting_step(KEY, code_of(KEY, here + 1), NOW + timedelta(seconds=STEP), here) == here + 1


@pytest.mark.parametrize("typed", ["", "1", "１２３４５６", "abcdef", "0" * 400])
def test_what_is_no_code_fits_nothing(typed: str) -> None:
    assert fitting_step(KEY, typed, NOW, 0) is None


@given(st.binary(min_size=1, max_size=40))
def test_a_secret_survives_being_typed(secret: bytes) -> None:
    assert secret_of(text_of(secret)) == secret


def test_an_authenticator_reads_issuer_account_and_secret() -> None:
    uri = uri_of("ABC", "Medan Smart City", "ratna@example.com")
    assert uri == "otpauth://totp/Medan%20Smart%20City:ratna%40example.com?secret=ABC&issuer=Medan%20Smart%20City"
