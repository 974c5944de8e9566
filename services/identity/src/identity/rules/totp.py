"""Time-based one-time passwords, RFC 6238 over RFC 4226: what an authenticator shows. HMAC-SHA-1, six digits, 30 seconds: what all of them speak."""

import base64
import hashlib
import hmac
import struct
from datetime import datetime
from urllib.parse import quote, urlencode

STEP, DIGITS, EITHER_SIDE = 30, 6, 1
"""Seconds; digits; steps that a clock may be off (RFC 6238 §5.2)."""
SECRET_BYTES = 20
"""As long as the hash (RFC 4226 §4 R6)."""


def step_of(now: datetime) -> int:
    """The number of the 30 seconds in which `now` lies, RFC 6238 §4.2."""
    return int(now.timestamp()) // STEP


def code_of(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """HOTP(K, T), RFC 4226 §5.3."""
    digest = hmac.new(secret, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**digits:0{digits}}"


def fitting_step(secret: bytes, typed: str, now: datetime, last: int) -> int | None:
    """The step that `typed` is the code of, or `None`. One no later than `last`, the last one accepted, counts no more (§5.2)."""
    if not typed.isascii():
        return None
    here = step_of(now)
    steps = [step for step in range(here - EITHER_SIDE, here + EITHER_SIDE + 1) if step > last]
    return next((step for step in steps if hmac.compare_digest(code_of(secret, step), typed)), None)


def text_of(secret: bytes) -> str:
    """The secret as a person types it: base32 without padding."""
    return base64.b32encode(secret).decode().rstrip("=")


def secret_of(text: str) -> bytes:
    """The other way round."""
    return base64.b32decode(text + "=" * (-len(text) % 8))


def uri_of(text: str, issuer: str, account: str) -> str:
    """What the QR code says: `otpauth://totp/…`, as authenticators read it."""
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{urlencode({'secret': text, 'issuer': issuer}, quote_via=quote)}"
