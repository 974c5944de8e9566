"""The secrets of one clone: invented at the first start, kept in `.run/secrets`, readable by its owner alone."""

import base64
import json
import os
import secrets
from pathlib import Path


class SecretStore:
    """Secrets by name; asking for one that is not there invents it. Only the launcher writes."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}

    def __contains__(self, name: str) -> bool:
        return name in self._known

    def password(self, name: str) -> str:
        """A password that fits into an address and a form."""
        return self._get(name, secrets.token_urlsafe(18))

    def key(self, name: str) -> str:
        """32 random bytes, base64."""
        return self._get(name, base64.b64encode(secrets.token_bytes(32)).decode())

    def _get(self, name: str, fresh: str) -> str:
        if name not in self._known:
            self._known[name] = fresh
            self._write()
        return self._known[name]

    def _write(self) -> None:
        fresh = self.file.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as out:
            json.dump(self._known, out, indent=1)
        fresh.replace(self.file)
