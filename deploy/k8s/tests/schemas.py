"""Schemas of the operators' kinds, made strict: a field that the operator does not know would be dropped without a word."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from deploy.k8s.tests.rendering import Thing
from deploy.k8s.tests.tools import ROOT

FOLDER = Path(os.environ.get("CRD_SCHEMAS", ROOT.parent / "shared" / "crd-schemas"))
WITHOUT = {"barmancloud.cnpg.io/v1/ObjectStore"}
"""Kinds no published catalogue has; their fields are those of the plugin's own documentation."""


def strict(schema: Any) -> Any:
    """The schema, refusing what it does not name, at every depth."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: strict(part) for key, part in schema.items()}
    if isinstance(schema.get("properties"), dict) and not schema.get("x-kubernetes-preserve-unknown-fields"):
        made.setdefault("additionalProperties", False)
    return made


@cache
def validator(api: str, kind: str) -> jsonschema_rs.Validator | None:
    """The schema's validator, or `None` where there is no schema of this kind."""
    group, _, version = api.partition("/")
    file = FOLDER / group / f"{kind.lower()}_{version}.json"
    return jsonschema_rs.validator_for(strict(json.loads(file.read_text()))) if file.is_file() else None


def complaints(thing: Thing) -> list[str]:
    """What the schema says against an object."""
    known = validator(thing["apiVersion"], thing["kind"])
    if known is None:
        return [f"there is no schema of {thing['apiVersion']} {thing['kind']}"]
    return [f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in known.iter_errors(thing)]
