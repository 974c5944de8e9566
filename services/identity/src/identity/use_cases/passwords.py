"""New passwords: looked at before they are hashed."""

from collections.abc import Collection
from functools import cache
from importlib.resources import files

import yaml

from identity.rules.passwords import weakness
from smartcity.errors import InputWrong


@cache
def _common() -> frozenset[str]:
    return frozenset(yaml.safe_load((files("identity") / "data" / "common_passwords.yaml").read_text())["passwords"])


def must_be_good(password: str, own: Collection[str], field: str = "password") -> None:
    """Raises `InputWrong` naming what is wrong with a new password; `own`: what is known of the person."""
    wrong = weakness(password, _common(), own)
    if wrong:
        raise InputWrong({field: [wrong]})
