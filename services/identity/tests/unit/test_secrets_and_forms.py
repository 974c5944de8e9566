"""Passwords, and the sign-in form's token."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta

import pytest
from nacl.pwhash import argon2id

from identity.api.sign_in_form import form_token, is_own_form
from identity.model.secret import MEMORY, NOBODY, PASSES, hash_secret, matches
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


def test_a_hash_that_another_library_made_is_opened_by_its_password() -> None:
    """What is kept outlives who computed it: argon2-cffi made this one."""
    kept = "$argon2id$v=19$m=19456,t=2,p=1$RznJ/LiLPKemACgw44+LDg$k9mI53TjYTZ2xm4Qa7/AndS8gLlcJsbFkStXVPVnYcU"
    assert matches(kept, "benar") and not matches(kept, "Benar")


def test_for_nobody_the_same_work_is_done_as_for_somebody() -> None:
    """The mechanism: nobody's hash has the parameters and lengths of a real one, and with its digest changed it opens: it is really computed."""
    *parameters, salt, digest = NOBODY.split("$")
    *of_a_real_one, _, real = hash_secret("x").split("$")
    assert (parameters, len(digest)) == (of_a_real_one, len(real)) and parameters[3] == "m=19456,t=2,p=1"
    fitting = b64encode(argon2id.kdf(32, b"x", b64decode(salt + "=="), PASSES, MEMORY)).decode().rstrip("=")
    assert matches("$".join([*parameters, salt, fitting]), "x") and not matches(NOBODY, "x")


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
