"""A relying party of somebody else (authlib) over real HTTP: it finds us by discovery and completes every flow."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwk, jwt

from identity.use_cases.demo import demo_sub
from smartcity.http.auth import Keys, Verifier, fetch_jwks
from smartcity.settings import Settings

CALLBACK = "http://127.0.0.1:6789/callback"


@pytest.fixture
def found(root: str, config: Settings) -> dict[str, str]:
    """The endpoints by discovery, at the live address."""
    said = requests.get(root + "/.well-known/openid-configuration", timeout=5).json()
    return {
        name: value.replace(config.issuer_url, root) if isinstance(value, str) and name != "issuer" else value
        for name, value in said.items()
    }


class _Hidden(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if tag == "input" and about.get("type") == "hidden":
            self.fields.setdefault(str(about["name"]), str(about["value"]))


def sign_in(address: str, login: str, password: str) -> str:
    """What a person does in a browser: where it is sent in the end."""
    with requests.Session() as browser:
        page = _Hidden()
        page.feed(browser.get(address, timeout=5).text)
        form = {**page.fields, "login": login, "password": password, "decision": "allow"}
        answer = browser.post(urlsplit(address)._replace(query="").geturl(), data=form, allow_redirects=False, timeout=5)
        assert answer.status_code == 303
        return answer.headers["Location"]


def test_somebody_elses_client_completes_the_code_flow(found: dict[str, str], root: str, config: Settings) -> None:
    verifier, nonce = generate_token(48), generate_token(20)
    with OAuth2Session("portal", scope="openid profile offline_access", redirect_uri=CALLBACK, code_challenge_method="S256",
                       token_endpoint=found["token_endpoint"], token_endpoint_auth_method="none") as party:  # fmt: skip
        address, state = party.create_authorization_url(found["authorization_endpoint"], code_verifier=verifier, nonce=nonce)
        back = sign_in(address, "siti", "a long demo password")
        tokens = party.fetch_token(authorization_response=back, code_verifier=verifier, state=state)
        keys = jwk.KeySet.import_key_set(requests.get(found["jwks_uri"], timeout=5).json())
        said = CodeIDToken(
            jwt.decode(tokens["id_token"], keys, algorithms=["Ed25519"]).claims, {}, params={"nonce": nonce, "client_id": "portal"}
        )
        said.validate()
        assert (said["iss"], said["sub"]) == (config.issuer_url, str(demo_sub("siti")))
        assert party.get(found["userinfo_endpoint"], timeout=5).json() == {"sub": str(demo_sub("siti")), "name": "Siti Lubis"}
        first = tokens["refresh_token"]
        renewed = party.refresh_token(found["token_endpoint"], refresh_token=first)
        assert renewed["refresh_token"] != first
        kernel = Verifier(config.issuer_url, config.public_url, Keys(lambda: fetch_jwks(root + "/.well-known/jwks.json")))
        assert kernel.actor(renewed["access_token"]).roles == {"citizen"}
        assert (
            party.revoke_token(found["revocation_endpoint"], token=renewed["refresh_token"], token_type_hint="refresh_token").status_code
            == 200
        )
        with pytest.raises(OAuthError, match="invalid_grant"):
            party.refresh_token(found["token_endpoint"], refresh_token=renewed["refresh_token"])


def test_somebody_elses_client_hears_our_refusals(found: dict[str, str]) -> None:
    verifier = generate_token(48)
    with OAuth2Session(
        "portal", scope="openid", redirect_uri=CALLBACK, code_challenge_method="S256", token_endpoint_auth_method="none"
    ) as party:
        address, state = party.create_authorization_url(found["authorization_endpoint"], code_verifier=verifier)
        back = sign_in(address, "budi", "a long demo password")
        with pytest.raises(OAuthError, match="invalid_grant"):
            party.fetch_token(found["token_endpoint"], authorization_response=back, code_verifier=generate_token(48), state=state)
        elsewhere, _ = party.create_authorization_url(found["authorization_endpoint"], code_verifier=verifier, redirect_uri=CALLBACK + "2")
        refused = requests.get(elsewhere, allow_redirects=False, timeout=5)
        assert refused.status_code == 400 and "Location" not in refused.headers


def test_a_code_and_a_refresh_token_that_come_again_are_refused_to_somebody_elses_client(found: dict[str, str]) -> None:
    """And what they began ends: one of the two was a thief."""
    verifier, endpoint = generate_token(48), found["token_endpoint"]
    with OAuth2Session("portal", scope="openid offline_access", redirect_uri=CALLBACK, code_challenge_method="S256",
                       token_endpoint=endpoint, token_endpoint_auth_method="none") as party:  # fmt: skip

        def signed_in() -> tuple[str, str]:
            address, state = party.create_authorization_url(found["authorization_endpoint"], code_verifier=verifier)
            back = sign_in(address, "budi", "a long demo password")
            return back, party.fetch_token(authorization_response=back, code_verifier=verifier, state=state)["refresh_token"]

        back, refresh = signed_in()
        with pytest.raises(OAuthError, match="invalid_grant"):
            party.fetch_token(authorization_response=back, code_verifier=verifier)
        with pytest.raises(OAuthError, match="invalid_grant"):
            party.refresh_token(endpoint, refresh_token=refresh)
        first = signed_in()[1]
        second = party.refresh_token(endpoint, refresh_token=first)["refresh_token"]
        for used in (first, second):
            with pytest.raises(OAuthError, match="invalid_grant"):
                party.refresh_token(endpoint, refresh_token=used)


def test_a_bank_gets_its_token_with_somebody_elses_client(found: dict[str, str]) -> None:
    with OAuth2Session("bank", "a secret: of the bank", token_endpoint_auth_method="client_secret_basic") as bank:
        assert bank.fetch_token(found["token_endpoint"], grant_type="client_credentials")["token_type"] == "Bearer"
    with (
        OAuth2Session("bank", "wrong", token_endpoint_auth_method="client_secret_basic") as guesser,
        pytest.raises(OAuthError, match="invalid_client"),
    ):
        guesser.fetch_token(found["token_endpoint"], grant_type="client_credentials")
