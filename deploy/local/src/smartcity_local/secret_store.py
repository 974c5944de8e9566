"""The secrets of one clone: invented at the first start, kept in `.run/secrets`, readable by its owner alone."""

import base64
import hashlib
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

    def api_key(self, name: str) -> str:
        """The key of the demonstration's application as a service has it, `demo:` and its SHA-256; the key itself is kept as …_DEMO_KEY."""
        key = self.password(name.replace("_API_KEYS", "_DEMO_KEY"))
        return f"demo:{hashlib.sha256(key.encode()).hexdigest()}"

    def public_key(self, name: str) -> str:
        """An RSA public key (base64 of its DER); the private one is kept beside it, under the name with PRIVATE in it, for the demo's partner."""
        if name not in self._known:
            from cryptography.hazmat.primitives import serialization as form  # here: only the first start of a clone needs it
            from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

            pair = generate_private_key(65537, 2048)
            private = pair.private_bytes(form.Encoding.DER, form.PrivateFormat.PKCS8, form.NoEncryption())
            public = pair.public_key().public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)
            self._get(name.replace("PUBLIC", "PRIVATE"), base64.b64encode(private).decode())
            return self._get(name, base64.b64encode(public).decode())
        return self._known[name]

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
