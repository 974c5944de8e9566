"""Encrypted columns and keyed blind indexes for direct identifiers (NIK, KK, names).

AES-256-GCM with a key of its own for each record group and month, derived (HKDF-SHA256) from the database's root keys, which
`SECRET_KEY` closes (`root_keys`). A blind index is an HMAC of the normalised value: it finds an equal value and says nothing else.
A sealed value begins with its form (2), the root's number, the month (two bytes) and the nonce; form 1 is of before there were groups.
"""

import hashlib
import hmac
import os
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from smartcity import clock

UNGROUPED, GROUPED = b"\x01", b"\x02"
FIRST = 1
"""The number of the root from which blind indexes and whatever else must stay equal for ever are derived."""
ANY_GROUP = "column"
_HEAD, _NONCE = 4, 12
_SHORTEST = 1 + _NONCE + 16


def derived(secret: bytes, purpose: str) -> bytes:
    """32 bytes for `purpose`."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)


class Keyring:
    """The keys of one process. The roots are read when a key is first needed."""

    def __init__(self) -> None:
        self._read: Callable[[], Mapping[int, bytes]] | None = None
        self._roots: Mapping[int, bytes] = {}
        self._derived: dict[tuple[int, str], bytes] = {}
        self._ciphers: dict[tuple[int, str, int], AESGCM] = {}
        self._lock = threading.Lock()

    def configure(self, roots: bytes | Callable[[], Mapping[int, bytes]]) -> None:
        """Where the roots are: what reads them, by number, or the only one."""
        self._read = roots if callable(roots) else partial(dict[int, bytes], {FIRST: roots})
        self._roots, self._derived, self._ciphers = {}, {}, {}

    def open(self) -> Mapping[int, bytes]:
        """The roots by number; raises `RuntimeError` before `configure`, and what the reading raises."""
        if not self._roots:
            if self._read is None:
                raise RuntimeError("keys are not configured: start through smartcity.service")
            with self._lock:
                self._roots = self._roots or self._read()
        return self._roots

    def key(self, purpose: str, root: int = FIRST) -> bytes:
        """32 bytes for `purpose`, the same for ever."""
        key = self._derived.get((root, purpose))
        if key is None:
            key = self._derived[root, purpose] = derived(self.open()[root], purpose)
        return key

    def cipher(self, root: int, group: str, month: int) -> AESGCM:
        """What closes and opens the values that `group` got in a month (of the year 0 on)."""
        cipher = self._ciphers.get((root, group, month))
        if cipher is None:
            cipher = self._ciphers[root, group, month] = AESGCM(derived(self.open()[root], f"group:{group}/{month}"))
        return cipher


keyring = Keyring()


def _month(now: datetime) -> int:
    return now.year * 12 + now.month - 1


def seal(text: str, group: str = ANY_GROUP) -> bytes:
    """Encrypt `text` with this month's key of its record group, under the newest root."""
    root, month, nonce = max(keyring.open()), _month(clock.real_now()), os.urandom(_NONCE)
    head = GROUPED + bytes([root]) + month.to_bytes(2, "big")
    return head + nonce + keyring.cipher(root, group, month).encrypt(nonce, text.encode(), head)


def unseal(sealed: bytes, group: str = ANY_GROUP) -> str:
    """Decrypt what `seal` made for `group`; raises `cryptography.exceptions.InvalidTag` for whatever it did not make, or made for another group."""
    if len(sealed) < _SHORTEST or sealed[:1] not in (UNGROUPED, GROUPED):
        raise InvalidTag()
    if sealed[:1] == UNGROUPED:
        return AESGCM(keyring.key(ANY_GROUP)).decrypt(sealed[1:13], sealed[13:], UNGROUPED).decode()
    head, nonce, closed = sealed[:_HEAD], sealed[_HEAD : _HEAD + _NONCE], sealed[_HEAD + _NONCE :]
    if head[1] not in keyring.open() or int.from_bytes(head[2:], "big") > _month(clock.real_now()) + 1:
        raise InvalidTag()  # a key is derived for no word of strangers
    return keyring.cipher(head[1], group, int.from_bytes(head[2:], "big")).decrypt(nonce, closed, head).decode()


def blind_index(value: str, purpose: str) -> bytes:
    """32 bytes that are equal for equal values of one purpose (case and outer space do not count)."""
    return hmac.new(keyring.key("blind-index:" + purpose), value.strip().casefold().encode(), hashlib.sha256).digest()


class Encrypted(TypeDecorator[str]):
    """A text column that the database, its backups and its logs see only encrypted, with the keys of its record group."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, group: str = ANY_GROUP) -> None:
        super().__init__()
        self.group = group

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else seal(value, self.group)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else unseal(bytes(value), self.group)
