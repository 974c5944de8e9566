"""Passwords, and the sign-in form's token."""

from datetime import UTC, datetime, timedelta

import argon2
import pytest
from argon2.exceptions import VerifyMismatchError

from identity.api.sign_in_form import form_token, is_own_form
from identity.model.secret import _HASHER, NOBODY, hash_secret, matches
from smartcity.storage.encryption import keyring

NOW = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def keys() -> None:
    keyring.configure(bytes(range(32)))


def test_a_password_opens_its_own_hash_alone() -> None:
    kept = hash_secret("benar")
    assert matches(kept, "benar")
    assert not matches(kept, "Benar")
    assert not matches("not a hash", "benar")
    assert not matches(None, "benar")


def test_for_nobody_the_same_work_is_done_as_for_somebody() -> None:
    """The mechanism: the hash of nobody has the parameters of a real one, and is really computed."""
    assert argon2.extract_parameters(NOBODY) == argon2.extract_parameters(hash_secret("x"))
    with pytest.raises(VerifyMismatchError):
        _HASHER.verify(NOBODY, "x")


def test_a_form_belongs_to_the_browser_it_was_shown_to_for_half_an_hour() -> None:
    token = form_token("cookie", NOW)
    assert is_own_form(token, "cookie", NOW + timedelta(minutes=29))
    assert not is_own_form(token, "cookie", NOW + timedelta(minutes=31))
    assert not is_own_form(token, "cookie", NOW - timedelta(minutes=1))
    assert not is_own_form(token, "other", NOW)


@pytest.mark.parametrize("token", ["", ".", "1.", "x.y", "9" * 20 + ".a", "1767225600.é", "²." + "0" * 64])
def test_a_forged_form_token_is_none(token: str) -> None:
    assert not is_own_form(token, "cookie", NOW)
    assert not is_own_form(form_token("", NOW), "", NOW)
