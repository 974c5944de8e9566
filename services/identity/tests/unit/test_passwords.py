"""Which new passwords are refused."""

import pytest

from identity.rules.passwords import weakness
from identity.use_cases.passwords import _common, must_be_good
from smartcity.errors import InputWrong

OWN = ("1271010203040506", "Ratna Sari", "081234567890", "ratna.sari@example.com", "ratna.sari")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("pendek7", "password-too-short"),
        ("x" * 201, "password-too-long"),
        ("Bismillah", "password-common"),
        ("sayangku123!", "password-common"),
        ("PASSWORD2026", "password-common"),
        ("12345678", "password-common"),
        ("aaaaaaaaaaaa", "password-common"),
        ("RatnaSari99", "password-personal"),
        ("1271010203040506", "password-personal"),
        ("ratna.sari@example.com", "password-personal"),
        ("kopi sidikalang pagi", None),
        ("Ratna minum kopi tiap pagi", None),
        ("пароль-длинный", None),
        ("p" * 100 + "qr" * 50, None),
    ],
)
def test_a_password_is_refused_for_what_makes_it_easy_to_guess_and_nothing_else(password: str, code: str | None) -> None:
    assert weakness(password, _common(), OWN) == code


def test_the_sample_of_common_passwords_is_in_the_form_it_is_looked_up_in() -> None:
    common = _common()
    assert len(common) > 250
    assert all(word == word.casefold().strip() and len(word) >= 3 for word in common)


def test_a_refused_password_names_its_field() -> None:
    with pytest.raises(InputWrong) as refused:
        must_be_good("qwertyuiop", (), "new_password")
    assert refused.value.errors == {"new_password": ["password-common"]}
