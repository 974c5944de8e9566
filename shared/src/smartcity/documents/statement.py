"""What a document says of itself, signed: short enough for a QR code, checked without asking anyone.

Text: `SC1.` and base64url of Ed25519 signature (64 bytes) followed by the payload, compact JSON
`{"c": code, "k": kind, "i": key id, "x": {number, date, claims…}}`. The signature covers a purpose prefix and the payload.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MARK = "SC1."
LONGEST_PAYLOAD = 600
PATTERN = re.compile(rb"SC1\.[A-Za-z0-9_-]+")
_PURPOSE = b"smartcity.document.v1\0"


class NotGenuine(Exception):
    """The statement does not hold. `code`: `no-statement`, `several-statements`, `unreadable`, `key-unknown`, `key-withdrawn`, `signature-wrong`,
    and of a file `file-not-sealed`, `file-changed`, and what `signature_check.checked` names.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Statement:
    """What was signed. `claims` holds at least `number` and `date` (ISO)."""

    code: str
    kind: str
    key_id: str
    claims: Mapping[str, Any]

    def shown(self) -> dict[str, Any]:
        """Flat, as `verify` answers it."""
        return {"code": self.code, "kind": self.kind, **self.claims}


def key_id(public: bytes) -> str:
    """The short name of a public key."""
    return base64.urlsafe_b64encode(hashlib.sha256(public).digest())[:8].decode()


def public_of(seed: bytes) -> bytes:
    """The 32 public bytes of a 32-byte seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def checked_claims(claims: Mapping[str, Any]) -> dict[str, Any]:
    """The claims as they will be signed; raises `ValueError` without number and date, or where one is not short text, integer or date."""
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in claims.items()}
    if not isinstance(plain.get("number"), str) or not isinstance(plain.get("date"), str):
        raise ValueError("a statement needs a number and a date")
    if any(isinstance(value, float) or not isinstance(value, str | int) for value in plain.values()):
        raise ValueError("claims are short texts, whole numbers or dates")
    return plain


def sign(seed: bytes, code: str, kind: str, claims: Mapping[str, Any]) -> str:
    """The signed text. Raises `ValueError` for claims that are incomplete or too long for a QR code."""
    statement = Statement(code, kind, key_id(public_of(seed)), checked_claims(claims))
    payload = _payload(statement)
    if len(payload) > LONGEST_PAYLOAD:
        raise ValueError(f"the statement has {len(payload)} bytes, more than {LONGEST_PAYLOAD}: keep claims short")
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(_PURPOSE + payload)
    return MARK + _encoded(signature + payload)


def read(text: str, keys: Mapping[str, bytes]) -> Statement:
    """The statement in `text`, checked against public `keys` by key id. Raises `NotGenuine`."""
    statement, signature, payload = taken_apart(text)
    if statement.key_id not in keys:
        raise NotGenuine("key-unknown")
    try:
        Ed25519PublicKey.from_public_bytes(keys[statement.key_id]).verify(signature, _PURPOSE + payload)
    except InvalidSignature:
        raise NotGenuine("signature-wrong") from None
    return statement


def taken_apart(text: str) -> tuple[Statement, bytes, bytes]:
    """(statement, signature, payload) without checking the signature; raises `NotGenuine("unreadable")`."""
    body = text.removeprefix(MARK)
    try:
        raw = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        fields = json.loads(raw[64:])
        statement = Statement(fields["c"], fields["k"], fields["i"], fields["x"])
        exact = text.startswith(MARK) and _encoded(raw) == body and _payload(statement) == raw[64:]
    except (binascii.Error, ValueError, KeyError, TypeError, RecursionError):
        raise NotGenuine("unreadable") from None
    if not exact or not isinstance(statement.claims, dict) or not isinstance(statement.key_id, str):
        raise NotGenuine("unreadable")
    return statement, raw[:64], raw[64:]


def _payload(statement: Statement) -> bytes:
    fields = {"c": statement.code, "k": statement.kind, "i": statement.key_id, "x": statement.claims}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
