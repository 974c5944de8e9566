"""What a client asks the browser to bring: the authorization request (RFC 6749 §4.1.1, RFC 7636, OpenID Connect Core §3.1.2.1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from identity.rules.pkce import is_challenge
from identity.rules.redirects import with_answer
from identity.rules.refusal import OAuthRefused
from identity.rules.scopes import granted

PARAMETERS = (
    "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "code_challenge_method",
    "response_mode", "prompt", "ui_locales", "login_hint",
)  # fmt: skip
CLIENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_VISIBLE = re.compile(r"[\x20-\x7E]{1,512}")


@dataclass(frozen=True)
class Asked:
    """An authorization request that holds: the client is known, the address is its own, the rest is well formed."""

    client_id: str
    redirect_uri: str
    scope: str
    challenge: str
    state: str | None
    nonce: str | None


class SentBack(OAuthRefused):
    """A refusal that the browser carries back to the client's own (checked) address."""

    def __init__(self, refused: OAuthRefused, redirect_uri: str, state: str | None) -> None:
        super().__init__(refused.error, refused.description)
        self.redirect_uri = redirect_uri
        self.state = state


def answer_uri(issuer: str, redirect_uri: str, state: str | None, **answer: str) -> str:
    """Where the browser goes with the answer; `iss` keeps clients of several issuers from mixing them up (RFC 9207)."""
    return with_answer(redirect_uri, {**answer, **({"state": state} if state is not None else {}), "iss": issuer})


def read(params: Mapping[str, str], allowed_scopes: list[str]) -> Asked:
    """The request of a known client to an address of its own; raises `SentBack` for what it asks wrongly."""
    state, redirect_uri = params.get("state"), params["redirect_uri"]
    if state is not None and not _VISIBLE.fullmatch(state):
        raise SentBack(OAuthRefused("invalid_request", "state is malformed"), redirect_uri, None)
    try:
        _check(params)
        scope = granted(params.get("scope", ""), allowed_scopes)
    except OAuthRefused as refused:
        raise SentBack(refused, redirect_uri, state) from None
    return Asked(params["client_id"], redirect_uri, scope, params["code_challenge"], state, params.get("nonce"))


def _check(params: Mapping[str, str]) -> None:
    for name in ("request", "request_uri"):
        if name in params:
            raise OAuthRefused(f"{name}_not_supported", "send the parameters themselves")
    if params.get("response_type") != "code":
        raise OAuthRefused("unsupported_response_type", "response_type must be code")
    if params.get("response_mode", "query") != "query":
        raise OAuthRefused("invalid_request", "response_mode must be query")
    if params.get("code_challenge_method") != "S256" or not is_challenge(params.get("code_challenge", "")):
        raise OAuthRefused("invalid_request", "a code_challenge with method S256 is required")
    if "nonce" in params and not _VISIBLE.fullmatch(params["nonce"]):
        raise OAuthRefused("invalid_request", "nonce is malformed")
    if "none" in params.get("prompt", "").split(" "):
        raise OAuthRefused("login_required", "the person has to sign in")
