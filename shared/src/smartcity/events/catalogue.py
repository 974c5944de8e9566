"""The catalogue of contracts: the one definition of every event, read from the `smartcity_contracts` distribution."""

import json
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import jsonschema_rs

INTERNAL, PUBLIC = "internal", "public"


class ContractError(Exception):
    """An event that has no contract, or data that does not fit it."""


@dataclass(frozen=True)
class Contract:
    """One event type: its schema, who may hear it, and who must."""

    name: str
    schema: dict[str, Any] = field(repr=False)
    example: dict[str, Any] | None = field(repr=False)

    @property
    def service(self) -> str:
        return self.name.split(".")[0]

    @property
    def audience(self) -> str:
        return self.schema["x-audience"]

    @property
    def classification(self) -> str:
        return self.schema["x-classification"]

    @property
    def personal(self) -> tuple[str, ...]:
        return tuple(self.schema.get("x-personal", ()))

    @property
    def heard_by(self) -> tuple[str, ...]:
        return tuple(self.schema.get("x-heard-by", ()))

    @cached_property
    def _strict(self) -> jsonschema_rs.Validator:
        return jsonschema_rs.validator_for(self.schema, validate_formats=True)

    @cached_property
    def _tolerant(self) -> jsonschema_rs.Validator:
        return jsonschema_rs.validator_for(_open(self.schema), validate_formats=True)

    def check(self, data: Any, *, tolerant: bool = False) -> None:
        """Producers are strict, consumers tolerant of fields they do not know. Raises `ContractError`."""
        validator = self._tolerant if tolerant else self._strict
        if not validator.is_valid(data):
            first = next(iter(validator.iter_errors(data)))
            where = "/".join(str(step) for step in first.instance_path)
            raise ContractError(f"{self.name}: {where or 'data'}: {first.kind.name} does not hold")


def _open(schema: Any) -> Any:
    """The schema without `additionalProperties: false` at any depth."""
    if isinstance(schema, list):
        return [_open(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _open(part) for key, part in schema.items() if not (key == "additionalProperties" and part is False)}


@cache
def all_contracts() -> dict[str, Contract]:
    """Every contract by its name (`licensing.permit.issued.v1`)."""
    found = {}
    for room in files("smartcity_contracts").iterdir():
        if not room.is_dir() or room.name.startswith((".", "_")):
            continue
        for file in room.iterdir():
            if file.name.endswith(".json") and not file.name.endswith(".example.json"):
                stem = file.name.removesuffix(".json")
                beside = room / f"{stem}.example.json"
                example = json.loads(beside.read_text()) if beside.is_file() else None
                name = f"{room.name}.{stem}"
                found[name] = Contract(name, json.loads(file.read_text()), example)
    return found


def contract(name: str) -> Contract:
    """The contract `name`; raises `ContractError` where there is none."""
    try:
        return all_contracts()[name]
    except KeyError:
        raise ContractError(f"there is no contract {name}") from None
