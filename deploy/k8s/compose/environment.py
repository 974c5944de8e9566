"""The secrets of `compose.yaml`, invented once:  python deploy/k8s/compose/environment.py   (writes .run/compose.env)"""

import base64
import os
import secrets
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT / ".run" / "compose.env"


def invented() -> dict[str, str]:
    """A password of each database, the two keys of each service, what it declares besides, and the broker's password."""
    table = yaml.safe_load((ROOT / "deploy/k8s/dependencies.yaml").read_text())
    values = {"POSTGRES_PASSWORD": secrets.token_urlsafe(24), "BROKER_PASSWORD": secrets.token_urlsafe(24)}
    for name in (name for name, kinds in table["services"].items() if "work" in kinds):
        mine = name.upper().replace("-", "_")
        values[f"{mine}_DB_PASSWORD"] = secrets.token_urlsafe(24)
        values |= {f"{mine}_{key}": base64.b64encode(secrets.token_bytes(32)).decode() for key in ("SECRET_KEY", "DOCUMENT_KEY")}
        values |= {f"{mine}_{key}": secrets.token_urlsafe(24) for key in table["secrets"].get(name, [])}
    return values


def main() -> int:
    """Refuses to change what is there: without SECRET_KEY what was encrypted with it is lost."""
    if FILE.exists():
        print(f"{FILE.relative_to(ROOT)} is there already", file=sys.stderr)
        return 1
    FILE.parent.mkdir(exist_ok=True)
    with os.fdopen(os.open(FILE, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as out:
        out.writelines(f"{key}={value}\n" for key, value in invented().items())
    return 0


if __name__ == "__main__":
    sys.exit(main())
