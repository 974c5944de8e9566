"""What a process is told by its environment, and what it answers to nonsense."""

import pytest

from smartcity.settings import SettingsError, load

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
GIVEN = {
    "DATABASE_URL": "postgresql://somebody@127.0.0.1/something",
    "BROKER_URL": "embedded:///somewhere",
    "FILES_URL": "file:///somewhere",
    "ISSUER_URL": "http://127.0.0.1:8080",
    "PUBLIC_URL": "http://127.0.0.1:8080",
    "SECRET_KEY": KEY,
    "DOCUMENT_KEY": KEY,
}


def test_a_number_set_to_nothing_is_not_set() -> None:
    assert load("shop", environ={**GIVEN, "PORT": "", "POOL_SIZE": ""}).pool_size == 2
    assert load("shop", environ={**GIVEN, "PORT": "8123"}).port == 8123


def test_what_a_service_lets_one_leave_out_has_its_usual_value() -> None:
    asked = {"TILL_URL": "", "TILL_NAME": "front"}
    assert load("shop", environ=GIVEN, options=asked).extra == asked
    assert load("shop", ("TILL_KEY",), {**GIVEN, "TILL_KEY": "k", "TILL_NAME": "back"}, asked).extra["TILL_NAME"] == "back"
    with pytest.raises(SettingsError, match="TILL_KEY is not set"):
        load("shop", ("TILL_KEY",), GIVEN, asked)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"PORT": "eighty"}, "PORT is not a whole number"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must start with one of postgresql://"),
        ({"SECRET_KEY": "no"}, "SECRET_KEY is not base64"),
        ({"SECRET_KEY": "AAEC"}, "SECRET_KEY must hold 32 bytes"),
        ({"ENVIRONMENT": "party"}, "ENVIRONMENT must be one of production, demo, test"),
        ({"CLOCK_FILE": "/tmp/clock"}, "CLOCK_FILE must not be set in production: its clocks are honest"),
    ],
)
def test_nonsense_is_refused_by_name(wrong: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        load("shop", environ={**GIVEN, **wrong})
