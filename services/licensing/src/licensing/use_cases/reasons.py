"""Reason codes are data: which may be given for which step."""

from functools import cache
from importlib.resources import files

import yaml

from smartcity.errors import InputWrong


@cache
def reasons() -> dict[str, list[str]]:
    """Codes by step: `returned`, `rejected`, `withdrawn`, `revoked`, …"""
    return yaml.safe_load((files("licensing") / "data" / "reasons.yaml").read_text())  # type: ignore[no-any-return]


def must_be_reason(step: str, code: str) -> str:
    """The code, if it may be given for this step; raises `InputWrong`."""
    if code not in reasons()[step]:
        raise InputWrong({"reason_code": ["reason-unknown"]})
    return code
