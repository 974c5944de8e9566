"""Any OIDC provider takes identity's place by settings alone: here one whose tokens and keys look as Keycloak's do."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwk, jwt

from smartcity import settings
from smartcity.http.auth import Actor, BadToken, Verifier
from smartcity.service import Service, create_app

PUBLIC = "https://city.example"
REALM, CERTS = "/realms/medan", "/realms/medan/protocol/openid-connect/certs"
SECRET = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
SIGNS = {"RS256": jwk.RSAKey.generate_key(2048), "ES512": jwk.ECKey.generate_key("P-521")}
ENCRYPTS = jwk.RSAKey.generate_key(2048)
SUB = "2f0f1a52-3d0b-4f0e-9a57-6b1f6f1d2c11"


def published() -> dict[str, Any]:
    """A realm publishes one key for signing, of each kind it has, and one for encryption."""
    signing = [{**key.as_dict(private=False), "kid": alg, "alg": alg, "use": "sig"} for alg, key in SIGNS.items()]
    return {"keys": [*signing, {**ENCRYPTS.as_dict(private=False), "kid": "enc", "alg": "RSA-OAEP", "use": "enc"}]}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """Its address; under CERTS its keys and nothing else."""

    class Realm(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == CERTS else 404)
            self.end_headers()
            self.wfile.write(json.dumps(published()).encode() if self.path == CERTS else b"")

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Realm) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(10)


@pytest.fixture
def verifier(provider: str, tmp_path: Path) -> Verifier:
    """That of a service which knows the provider by its settings."""
    environ = {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "BROKER_URL": "embedded:///none", "FILES_URL": f"file://{tmp_path}",
        "ENVIRONMENT": "test", "SECRET_KEY": SECRET, "DOCUMENT_KEY": SECRET, "LOG_LEVEL": "ERROR",
        "ISSUER_URL": provider + REALM, "JWKS_URL": provider + CERTS, "PUBLIC_URL": PUBLIC,
    }  # fmt: skip
    service = Service(name="office", package="smartcity", title="Office", apis=(), policy={})
    return create_app(service, settings.load("office", environ=environ)).verifier


def token(provider: str, alg: str = "RS256", typ: str = "at+jwt", **changed: Any) -> str:
    """A Keycloak's access token, with the three claims that its mappers add: `aud`, `roles`, `office`."""
    now = int(time.time())
    claims = {
        "exp": now + 300, "iat": now, "auth_time": now, "jti": "onrtac:7d6e", "iss": provider + REALM, "aud": [PUBLIC, "account"], "sub": SUB, "typ": "Bearer",
        "azp": "portal", "sid": "5d0c", "acr": "1", "allowed-origins": [PUBLIC], "realm_access": {"roles": ["offline_access", "admin"]},
        "resource_access": {"account": {"roles": ["manage-account"]}}, "scope": "openid profile", "email_verified": True,
        "roles": ["officer", "default-roles-medan"], "office": "DPMPTSP", **changed,
    }  # fmt: skip
    return jwt.encode({"alg": alg, "typ": typ, "kid": alg}, claims, SIGNS[alg], algorithms=[alg])


@pytest.mark.parametrize("alg", SIGNS)
def test_its_token_speaks_for_the_person_by_its_roles_and_office(verifier: Verifier, provider: str, alg: str) -> None:
    """What it says elsewhere (`realm_access`) makes nobody anything."""
    assert verifier.actor(token(provider, alg)) == Actor(SUB, frozenset({"officer", "default-roles-medan"}), "DPMPTSP")


@pytest.mark.parametrize("typ", ["JWT", "", "Bearer"])
def test_an_access_token_that_does_not_say_so_in_its_header_is_none(verifier: Verifier, provider: str, typ: str) -> None:
    """Keycloak's usual one: it could be an id token, which any program shows around."""
    with pytest.raises(BadToken, match="typ is not at\\+jwt"):
        verifier.claims(token(provider, typ=typ))


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"aud": "account"}, "other audience"), ({"iss": "http://127.0.0.1/realms/other"}, "other issuer"), ({"exp": 1}, "expired")],
)
def test_a_token_for_somebody_else_or_of_another_realm_is_none(
    verifier: Verifier, provider: str, changed: dict[str, Any], why: str
) -> None:
    with pytest.raises(BadToken, match=why):
        verifier.claims(token(provider, **changed))


def test_without_roles_a_person_is_signed_in_and_nothing_else(verifier: Verifier, provider: str) -> None:
    for roles in (None, "admin", {"admin": True}):
        assert verifier.actor(token(provider, roles=roles, office=None)) == Actor(SUB)
