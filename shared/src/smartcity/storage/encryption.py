"""Encrypted columns and keyed blind indexes for direct identifiers (NIK, KK, names).

AES-256-GCM with a key derived per purpose from the service's `SECRET_KEY` (HKDF-SHA256). A blind index is an HMAC of
the normalised value: it finds an equal value and says nothing else. The first byte names the key's generation.
"""

import hashlib
import hmac
import os
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

GENERATION = b"\x01"


class Keyring:
    """The keys of one process, made once at its start."""

    def __init__(self) -> None:
        self._secret: bytes | None = None
        self._derived: dict[str, bytes] = {}

    def configure(self, secret: bytes) -> None:
        self._secret = secret
        self._derived.clear()

    def key(self, purpose: str) -> bytes:
        """32 bytes for `purpose`; raises `RuntimeError` before `configure`."""
        if self._secret is None:
            raise RuntimeError("keys are not configured: start through smartcity.service")
        if purpose not in self._derived:
            hkdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode())
            self._derived[purpose] = hkdf.derive(self._secret)
        return self._derived[purpose]


keyring = Keyring()


def seal(text: str, purpose: str = "column") -> bytes:
    """Encrypt `text`."""
    nonce = os.urandom(12)
    return GENERATION + nonce + AESGCM(keyring.key(purpose)).encrypt(nonce, text.encode(), GENERATION)


def unseal(sealed: bytes, purpose: str = "column") -> str:
    """Decrypt what `seal` made; raises `cryptography.exceptions.InvalidTag` when it was changed."""
    return AESGCM(keyring.key(purpose)).decrypt(sealed[1:13], sealed[13:], sealed[:1]).decode()


def blind_index(value: str, purpose: str) -> bytes:
    """32 bytes that are equal for equal values of one purpose (case and outer space do not count)."""
    return hmac.new(keyring.key("blind-index:" + purpose), value.strip().casefold().encode(), hashlib.sha256).digest()


class Encrypted(TypeDecorator[str]):
    """A text column that the database, its backups and its logs see only encrypted."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else seal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else unseal(bytes(value))
