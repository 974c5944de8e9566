"""Examples of a service's operations: its `api/examples.json`, shown in `/openapi.json`.

By operation: `{"open_application": {"request": …, "status": 201, "answer": …}}`; a form is an object of its fields, a file its name.
They are recorded, and held to what the operations say, by the service's tests (`smartcity.testing.examples`).
"""

import json
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

Example = dict[str, Any]
XML = "text/xml"
"""In which a partner may have the same answer; it is shown as JSON."""


def home(package: str) -> Traversable:
    """The file of a service's examples, whether or not it is there."""
    return files(package) / "api" / "examples.json"


def load(package: str) -> dict[str, Example]:
    """The examples by operation, read anew: a `web` process keeps none. Empty where the service has no such file."""
    file = home(package)
    return dict(json.loads(file.read_text())) if file.is_file() else {}


def show(operation: dict[str, Any], example: Example) -> None:
    """Write an example into the description of its operation; a body or answer without a description of its own is JSON."""
    if "request" in example:
        _put(operation.setdefault("requestBody", {}), example["request"])
    if "answer" in example:
        _put(operation["responses"].setdefault(str(example["status"]), {}), example["answer"])


def _put(described: dict[str, Any], example: Any) -> None:
    for kind, content in described.setdefault("content", {"application/json": {}}).items():
        if kind != XML:
            content["example"] = example
