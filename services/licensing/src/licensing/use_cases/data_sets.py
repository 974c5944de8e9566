"""The open data sets and their metadata in the standard of Satu Data (Perpres 39/2019): rows of `data/data_sets.yaml`."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from smartcity.errors import NotFound


@cache
def data_sets() -> tuple[dict[str, Any], ...]:
    """Every data set with its metadata."""
    return tuple(yaml.safe_load((files("licensing") / "data" / "data_sets.yaml").read_text())["data_sets"])


def data_set(code: str) -> dict[str, Any]:
    """The data set `code`; raises `NotFound`."""
    for known in data_sets():
        if known["code"] == code:
            return known
    raise NotFound()
