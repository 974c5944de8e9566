"""PKCE."""

import pytest

from identity.rules.pkce import challenge_of, is_challenge, proves


def test_the_example_of_the_standard_holds() -> None:
    """RFC 7636 Appendix B."""
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert proves(verifier, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")


@pytest.mark.parametrize("verifier", ["", "short", "v" * 129, "v" * 42 + "é", "v" * 42 + "\n", "v" * 43 + "\n"])
def test_a_malformed_verifier_proves_nothing(verifier: str) -> None:
    assert not proves(verifier, challenge_of("v" * 43))


def test_another_verifier_proves_nothing() -> None:
    assert not proves("w" * 43, challenge_of("v" * 43))


@pytest.mark.parametrize("text", ["", "plain", "v" * 43 + "=", "v" * 44, "v" * 42 + "\n"])
def test_only_an_s256_challenge_is_one(text: str) -> None:
    assert not is_challenge(text)
