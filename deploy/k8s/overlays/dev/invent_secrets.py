"""Secrets for a cluster on a desk, invented:  python deploy/k8s/overlays/dev/invent_secrets.py | kubectl -n smartcity-dev create -f -

`create` refuses what is there, so it never changes a key by mistake. Not for a place where anything is kept: there, ExternalSecrets.
"""

import base64
import json
import secrets
import sys
from pathlib import Path

import yaml

TABLE = Path(__file__).resolve().parents[2] / "dependencies.yaml"


def invented() -> list[dict[str, object]]:
    """One Secret a service: its two keys, and what else it declares."""
    table = yaml.safe_load(TABLE.read_text())
    services = [name for name, kinds in table["services"].items() if "work" in kinds]
    return [_secret(name, table["secrets"].get(name, [])) for name in services]


def _secret(name: str, more: list[str]) -> dict[str, object]:
    keys = {key: base64.b64encode(secrets.token_bytes(32)).decode() for key in ("SECRET_KEY", "DOCUMENT_KEY")}
    values = {**keys, **{key: secrets.token_urlsafe(24) for key in more}}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": values}


if __name__ == "__main__":
    json.dump({"apiVersion": "v1", "kind": "List", "items": invented()}, sys.stdout, indent=1)
