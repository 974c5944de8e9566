"""SNAP BI: the symmetric signature of a service call, and what is signed for an access token.

String to sign: `METHOD:relativeUrl:accessToken:lowerhex(sha256(body)):timestamp`; HMAC-SHA512 with the client's secret,
base64. The sender minifies, signs and sends those bytes; the verifier hashes the bytes as they came and never re-serialises.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=5)


@dataclass(frozen=True)
class SignedCall:
    """What is signed: `relative_url` with its query string, `body` as it travels, `timestamp` as the header has it."""

    method: str
    relative_url: str
    access_token: str
    body: bytes
    timestamp: str

    @property
    def text(self) -> str:
        """The string to sign."""
        digest = hashlib.sha256(self.body).hexdigest()
        return f"{self.method}:{self.relative_url}:{self.access_token}:{digest}:{self.timestamp}"


def token_text(client_key: str, timestamp: str) -> bytes:
    """What a partner signs with its private key (SHA256withRSA) to be given an access token."""
    return f"{client_key}|{timestamp}".encode()


def sign(call: SignedCall, secret: str) -> str:
    """The `X-SIGNATURE` of the call."""
    return base64.b64encode(hmac.digest(secret.encode(), call.text.encode(), "sha512")).decode()


def is_signed(call: SignedCall, secret: str, signature: str) -> bool:
    """Is this the call's signature? Compared in constant time."""
    return hmac.compare_digest(sign(call, secret).encode(), signature.encode("utf-8", "surrogateescape"))


def read_timestamp(text: str) -> datetime:
    """The moment of an `X-TIMESTAMP` (`yyyy-MM-ddTHH:mm:ssTZD`); raises `ValueError` for another form or without a zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or len(text) < len("2026-02-12T10:55:00Z") or text[10] != "T":
        raise ValueError("a timestamp has date, time and zone")
    return moment


def is_fresh(moment: datetime, now: datetime) -> bool:
    """Is the call at most five minutes from now, before or after?"""
    return abs(moment - now) <= WINDOW
