"""As whom what was drawn is sent: a person with a token; a bank that signs, an application with its key, a program with its secret; nobody."""

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key
from requests import PreparedRequest
from requests.auth import HTTPBasicAuth

from finance_sts.rules.snap_signature import SignedCall, sign, token_text
from tests.integration.city import City

Sender = Callable[[PreparedRequest], PreparedRequest]
"""Puts on a request, as it will travel, what says who sends it."""
PEOPLE = ("budi", "petugas-dpmptsp", "kadis-dpmptsp", "kuasa-bud", "registrar", "admin-pengaduan", "auditor", "admin")
PARTNERS = ("partner", "nobody", "stranger")
OF_PARTNERS = ("/snap/", "/open311/", "/oauth/", "/.well-known/")
"""Answered by the partner's own rules."""
PARTNER = "MEDANDEMO"
ASKED_WITH = {
    "response_type": "code", "client_id": "portal", "redirect_uri": "http://127.0.0.1/callback", "scope": "openid", "code_challenge": "A" * 43,
    "code_challenge_method": "S256",
}  # fmt: skip
"""What a program of this city asks a person's consent with."""
_numbers = count(1)


def of_a_partner(path: str) -> bool:
    return path.startswith(OF_PARTNERS)


def sender(city: City, case: Any, name: str) -> Sender:
    """Who `name` is at the operation the case was drawn for."""
    if name in PEOPLE:
        acts = {"Idempotency-Key": str(uuid4()), "If-Match": "*"} if case.method != "GET" else {}
        return _with({"Authorization": f"Bearer {city.token(name)}", **acts})
    if name == "stranger" or (name == "partner" and case.path == "/oauth/userinfo"):
        return _with({"Authorization": f"Bearer {city.token('budi')}"})
    return _partner(city, case) if name == "partner" else _with({})


def _partner(city: City, case: Any) -> Sender:
    if case.path.endswith("/access-token/b2b"):
        return lambda request: _proven(request, city.suite.secret("SNAP_PRIVATE_KEY"))
    if case.path.startswith("/snap/"):
        return lambda request: _signed(request, city.token("bank"), city.suite.secret("SNAP_CLIENT_SECRET"))
    if case.path.startswith("/open311/"):
        return lambda request: _with_a_key(request, city.suite.secret("OPEN311_DEMO_KEY"))
    if case.path == "/oauth/authorize":
        part = "query" if case.method == "GET" else "body"
        drawn = getattr(case, part)
        setattr(case, part, {**(drawn if isinstance(drawn, dict) else {}), **ASKED_WITH})
        return _with({})
    return HTTPBasicAuth("bank", city.suite.secret("BANK_CLIENT_SECRET"))


def _with(headers: Mapping[str, str]) -> Sender:
    """These headers, and no token that was drawn."""

    def put(request: PreparedRequest) -> PreparedRequest:
        request.headers.pop("Authorization", None)
        request.headers.update(headers)
        return request

    return put


def _proven(request: PreparedRequest, private_key: str) -> PreparedRequest:
    """Asks for a token of the bank's door."""
    key, timestamp = load_der_private_key(base64.b64decode(private_key), None), datetime.now(UTC).isoformat(timespec="seconds")
    assert isinstance(key, RSAPrivateKey)
    proof = base64.b64encode(key.sign(token_text(PARTNER, timestamp), PKCS1v15(), SHA256())).decode()
    return _with({"X-CLIENT-KEY": PARTNER, "X-TIMESTAMP": timestamp, "X-SIGNATURE": proof})(request)


def _signed(request: PreparedRequest, token: str, secret: str) -> PreparedRequest:
    """The very bytes that will travel, signed as SNAP asks."""
    body, timestamp = request.body or b"", datetime.now(UTC).isoformat(timespec="seconds")
    call = SignedCall(request.method or "", request.path_url, token, body.encode() if isinstance(body, str) else body, timestamp)
    return _with({
        "Authorization": f"Bearer {token}", "X-TIMESTAMP": timestamp, "X-SIGNATURE": sign(call, secret), "X-PARTNER-ID": PARTNER,
        "X-EXTERNAL-ID": str(next(_numbers)), "CHANNEL-ID": "95231",
    })(request)  # fmt: skip


def _with_a_key(request: PreparedRequest, key: str) -> PreparedRequest:
    request.prepare_url(str(request.url), {"api_key": key})
    return _with({})(request)
