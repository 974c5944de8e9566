"""Where everything is, and the keys: OpenID Connect Discovery 1.0, RFC 8414, RFC 7517."""

from typing import Any

from flask import Response, jsonify

from identity.api.outside import moment, outside, settings
from identity.rules.scopes import SUPPORTED
from identity.use_cases import keys
from identity.use_cases.clients import ASSERTION_ALGORITHMS
from smartcity.http import Blueprint, session

discovery = Blueprint("discovery", description="Where the identity provider's doors are, and its public keys.", prefix="")
KEPT_FOR = "public, max-age=300"


def configuration(issuer: str) -> dict[str, Any]:
    """The provider's metadata: everything stated here is served."""
    root = issuer.rstrip("/")
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{root}/oauth/authorize",
        "token_endpoint": f"{root}/oauth/token",
        "revocation_endpoint": f"{root}/oauth/revoke",
        "introspection_endpoint": f"{root}/oauth/introspect",
        "end_session_endpoint": f"{root}/oauth/logout",
        "userinfo_endpoint": f"{root}/oauth/userinfo",
        "jwks_uri": f"{root}/.well-known/jwks.json",
        "scopes_supported": list(SUPPORTED),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["Ed25519"],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ASSERTION_ALGORITHMS,
        "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
        "introspection_endpoint_auth_signing_alg_values_supported": ASSERTION_ALGORITHMS,
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["iss", "aud", "sub", "exp", "iat", "auth_time", "nonce", "sid", "name"],
        "ui_locales_supported": ["id", "en"],
        "authorization_response_iss_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }


@discovery.get("/.well-known/openid-configuration")
@discovery.response(200)
@outside
def show_configuration() -> Response:
    """Where everything is."""
    answer: Response = jsonify(configuration(settings().issuer_url))
    answer.headers["Cache-Control"] = KEPT_FOR
    return answer


@discovery.get("/.well-known/jwks.json")
@discovery.response(200)
@outside
def show_keys() -> Response:
    """The public keys that tokens are checked with."""
    answer: Response = jsonify(keys.published(session(), moment()))
    answer.headers["Cache-Control"] = KEPT_FOR
    return answer
