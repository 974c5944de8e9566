"""Who a bank is by SNAP: the token its private key gets it, and the signature of each call."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from finance_sts.rules.snap_signature import SignedCall, is_fresh, is_signed, read_timestamp, token_text
from finance_sts.use_cases import tables
from smartcity.calendar import day_of
from smartcity.errors import InputWrong, RuleBroken

LIFETIME = timedelta(minutes=15)
MARK = "snap"
NO_SECRET = ("-",)


@dataclass(frozen=True)
class Door:
    """What the service knows at the bank's door: its own key, the partners' secrets and keys by setting, and the moment in real time."""

    own_key: bytes = field(repr=False)
    settings: Mapping[str, str] = field(repr=False)
    at: datetime

    def all_of(self, setting: str) -> tuple[str, ...]:
        """Every value of a setting: several hold while a partner changes from one to the next."""
        return tuple(self.settings[setting].split())


def give_token(door: Door, client_key: str, timestamp: str, signature: str) -> str:
    """A token for the partner whose key has signed; raises `signature-wrong`, and `InputWrong` for a timestamp that is none."""
    partner = tables.partner_called(client_key, day_of(door.at))
    text, fresh = token_text(client_key, timestamp), _fresh(timestamp, door.at)
    if partner is None or not fresh or not any(_verifies(key, text, signature) for key in door.all_of(partner.key_setting)):
        raise RuleBroken("signature-wrong")
    ends = int((door.at + LIFETIME).timestamp())
    return f"{MARK}.{partner.id}.{ends}.{_seal(door, partner.id, ends)}"


def holder_of(door: Door, token: str) -> str | None:
    """The partner whom the token was given to; `None` for one that is not of this door. Raises `token-wrong` for one that does not hold."""
    words = token.split(".")
    if words[0] != MARK:
        return None
    if len(words) != 4 or not (words[2].isascii() and words[2].isdigit()) or len(words[2]) > 12:
        raise RuleBroken("token-wrong")
    ends = int(words[2])
    if not hmac.compare_digest(_seal(door, words[1], ends).encode(), words[3].encode("utf-8", "surrogateescape")):
        raise RuleBroken("token-wrong")
    if ends <= door.at.timestamp() or tables.partner_called(words[1], day_of(door.at)) is None:
        raise RuleBroken("token-wrong")
    return words[1]


def check_call(door: Door, call: SignedCall, partner_id: str, signature: str) -> None:
    """A known partner, its signature over the bytes as received, a timestamp within five minutes; raises as `give_token`.

    The same work is done for a partner nobody knows, and the same thing said.
    """
    partner = tables.partner_called(partner_id, day_of(door.at))
    secrets = door.all_of(partner.secret_setting) if partner else NO_SECRET
    signed = any(is_signed(call, secret, signature) for secret in secrets)
    if partner is None or not signed or not _fresh(call.timestamp, door.at):
        raise RuleBroken("signature-wrong")


def _seal(door: Door, partner: str, ends: int) -> str:
    return base64.urlsafe_b64encode(hmac.digest(door.own_key, f"snap-token:{partner}:{ends}".encode(), "sha256")).decode().rstrip("=")


def _fresh(timestamp: str, at: datetime) -> bool:
    try:
        return is_fresh(read_timestamp(timestamp), at)
    except ValueError:
        raise InputWrong({"X-TIMESTAMP": ["code-malformed"]}) from None


def _verifies(key: str, text: bytes, signature: str) -> bool:
    try:
        _public_key(key).verify(base64.b64decode(signature, validate=True), text, PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


@cache
def _public_key(text: str) -> RSAPublicKey:
    key = load_der_public_key(base64.b64decode(text))
    if not isinstance(key, RSAPublicKey):
        raise TypeError("a partner's key is an RSA public key")
    return key
