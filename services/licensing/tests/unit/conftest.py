"""The published and derived worked examples, as they came, and a ready building."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = json.loads((Path(__file__).parent / "data" / "retribution-examples.json").read_text())["examples"]
VERIFIED = [example for example in EXAMPLES if example["verified"]]


def typed(value: Any) -> Any:
    """The inputs as the edge hands them over: decimals written as text become `Decimal`."""
    if isinstance(value, dict):
        return {name: typed(part) for name, part in value.items()}
    if isinstance(value, list):
        return [typed(part) for part in value]
    return Decimal(value) if isinstance(value, str) and value.replace(".", "").isdigit() else value


@pytest.fixture(params=VERIFIED, ids=lambda example: example["id"])
def verified(request: pytest.FixtureRequest) -> dict[str, Any]:
    return {**request.param, "inputs": typed(request.param["inputs"])}


@pytest.fixture
def contradicting() -> dict[str, Any]:
    return next(example for example in EXAMPLES if not example["verified"])


@pytest.fixture(scope="session")
def a_building() -> Callable[..., dict[str, Any]]:
    """Inputs of a PBG building; keywords override."""
    ready = typed(next(example for example in EXAMPLES if example["id"] == "PBG-DER-1")["inputs"])
    return lambda **other: {**ready, **other}


@pytest.fixture(scope="session")
def an_old_building() -> Callable[..., dict[str, Any]]:
    """Inputs of an IMB building; keywords override."""
    ready = typed(next(example for example in EXAMPLES if example["id"] == "IMB-PUB-1")["inputs"])
    return lambda **other: {**ready, **other}
