"""SNAP BI with the city as the caller: a token by our private key, then a call, signed like every call."""

import base64
import json
import re
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key

from finance_sts.rules.snap_signature import SignedCall, sign, token_text
from finance_sts.use_cases.bank_questions import BankAway
from smartcity import clock
from smartcity.partner import NoAnswer, Partner

TOKEN = "/v1.0/access-token/b2b"  # noqa: S105 - a path
WITHIN, LARGEST = 5.0, 100_000
"""Seconds for each step of a call, and for its whole answer; bytes of that."""


class SnapCaller:
    """A bank at an address."""

    def __init__(self, url: SplitResult, client_id: str, client_secret: str, private_key: str) -> None:
        """`private_key` is the base64 of its DER; raises `ValueError` or `TypeError` for another thing."""
        key = load_der_private_key(base64.b64decode(private_key, validate=True), None)
        if not isinstance(key, RSAPrivateKey):
            raise TypeError("the city signs with an RSA key")
        self.partner = Partner(url, WITHIN, LARGEST)
        self.client_id, self.client_secret, self.key = client_id, client_secret, key

    def call(self, path: str, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is answered; whatever is not an answer to the question raises `BankAway`."""
        token, body, at = self._token(), json.dumps(question, separators=(",", ":")).encode(), _moment()
        call = SignedCall("POST", self.partner.path(path), token, body, at)
        return self._post(path, body, {
            "Authorization": f"Bearer {token}", "X-TIMESTAMP": at, "X-SIGNATURE": sign(call, self.client_secret),
            "X-PARTNER-ID": self.client_id, "X-EXTERNAL-ID": str(10**29 + secrets.randbelow(10**29)), "CHANNEL-ID": "95221",
        })  # fmt: skip

    def _token(self) -> str:
        at = _moment()
        proof = base64.b64encode(self.key.sign(token_text(self.client_id, at), PKCS1v15(), SHA256())).decode()
        headers = {"X-CLIENT-KEY": self.client_id, "X-TIMESTAMP": at, "X-SIGNATURE": proof}
        token = self._post(TOKEN, b'{"grantType":"client_credentials"}', headers).get("accessToken")
        if not isinstance(token, str) or not re.fullmatch(r"[!-~]{1,4000}", token):
            raise BankAway("no-token")
        return token

    def _post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Mapping[str, Any]:
        try:
            status, said = self.partner.call("POST", path, body, {"Content-Type": "application/json", **headers})
            told = json.loads(said)
        except (NoAnswer, ValueError):
            raise BankAway("unreachable") from None
        if status not in (200, 404) or not isinstance(told, dict):
            raise BankAway(f"status-{status}")
        return told


def _moment() -> str:
    """Real time: partners' clocks are honest."""
    return clock.real_now().isoformat(timespec="seconds")
