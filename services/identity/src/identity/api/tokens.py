"""The token endpoint, revocation and userinfo: RFC 6749 §3.2, RFC 7009, OpenID Connect Core §5.3."""

from typing import Any

from flask import Response, jsonify, request

from identity.api.outside import caller_address, claims, claims_of, form, form_of, in_words_of_oauth, issuer, moment, outside, settings
from identity.model.client import Client, GrantType
from identity.rules.scopes import holds
from identity.use_cases import accounts, clients, introspection, sessions
from identity.use_cases import tokens as use_case
from smartcity.errors import Forbidden
from smartcity.http import Blueprint, Schema, actor, fields, session
from smartcity.http.auth import BadToken

tokens = Blueprint("tokens", description="Tokens for codes, refresh tokens and partners' programs.", prefix="")


class TokenView(Schema):
    access_token = fields.String(required=True)
    token_type = fields.String(required=True)
    expires_in = fields.Whole(required=True)
    scope = fields.String(required=True)
    id_token = fields.String()
    refresh_token = fields.String()


class RefusalView(Schema):
    error = fields.String(required=True)
    error_description = fields.String()


class IntrospectionView(Schema):
    active = fields.Boolean(required=True)
    token_type = fields.String()
    scope = fields.String()
    client_id = fields.String()
    sub = fields.String()
    roles = fields.List(fields.String())
    office = fields.String()
    acting_for = fields.List(fields.String())
    companies = fields.List(fields.Dict())
    exp = fields.Whole()
    iat = fields.Whole()
    aud = fields.String()
    iss = fields.String()
    jti = fields.String()


class RevokedView(Schema):
    revoked = fields.List(fields.String(), required=True)


class UserInfoView(Schema):
    sub = fields.String(required=True)
    name = fields.String()


def _client(sent: dict[str, str]) -> Client:
    """The client that asks, authenticated; raises `OAuthRefused`."""
    basic = request.authorization
    credentials = (basic.username or "", basic.password or "") if basic is not None and basic.type == "basic" else None
    root = settings().issuer_url
    called = (root, f"{root.rstrip('/')}/oauth/token", f"{root.rstrip('/')}{request.path}")
    return clients.authenticate(session(), clients.Presented(sent, credentials, caller_address(), called), moment())


@tokens.post("/oauth/token")
@tokens.doc(requestBody=form_of(
    "client_id", "code", "redirect_uri", "code_verifier", "refresh_token", "scope", "client_assertion_type", "client_assertion",
    must="grant_type", grant_type=[str(one) for one in GrantType],
))  # fmt: skip
@tokens.response(200, TokenView)
@tokens.alt_response(400, schema=RefusalView)
@tokens.alt_response(401, schema=RefusalView)
@tokens.alt_response(429, schema=RefusalView)
@in_words_of_oauth
@outside
def exchange_token() -> dict[str, Any]:
    """Tokens for a code (with its PKCE verifier), for a refresh token, or for a partner's own account."""
    sent = form()
    return use_case.exchange(session(), issuer(), _client(sent), sent, moment())


@tokens.post("/oauth/revoke")
@tokens.doc(requestBody=form_of("token", "token_type_hint", "client_id", "client_assertion_type", "client_assertion", must="token"))
@tokens.response(200)
@tokens.alt_response(400, schema=RefusalView)
@tokens.alt_response(401, schema=RefusalView)
@tokens.alt_response(429, schema=RefusalView)
@in_words_of_oauth
@outside
def revoke_token() -> Response:
    """End the session of a refresh or access token."""
    sent = form()
    client, token = _client(sent), sent.get("token", "")
    try:
        use_case.revoke_access(session(), client, claims_of(token), moment())
    except BadToken:
        use_case.revoke(session(), client, token, moment())
    return Response(status=200)


@tokens.post("/oauth/introspect")
@tokens.doc(requestBody=form_of("token", "token_type_hint", "client_id", "client_assertion_type", "client_assertion", must="token"))
@tokens.response(200, IntrospectionView)
@tokens.alt_response(400, schema=RefusalView)
@tokens.alt_response(401, schema=RefusalView)
@tokens.alt_response(429, schema=RefusalView)
@in_words_of_oauth
@outside
def introspect_token() -> dict[str, Any]:
    """What is a token worth now? For confidential clients; `active: false` says no more."""
    sent = form()
    client = _client(sent)
    introspection.must_be_confidential(client)
    token = sent.get("token", "")
    try:
        return dict(introspection.of_access_token(session(), claims_of(token), moment()))
    except BadToken:
        return dict(introspection.of_refresh_token(session(), client, token, moment()))


@tokens.get("/oauth/revoked")
@tokens.response(200, RevokedView)
@outside
def list_revoked() -> Response:
    """The `sid` of every session that ended while a token of it may still live: whoever checks tokens refuses them from now on."""
    answer: Response = jsonify(revoked=sessions.revoked(session(), moment()))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@tokens.get("/oauth/userinfo")
@tokens.response(200, UserInfoView)
@outside
def show_userinfo() -> dict[str, Any]:
    """Who the token's person is: the name only with scope `profile`."""
    scope = str(claims().get("scope", ""))
    if not holds(scope, "openid"):
        raise Forbidden("insufficient-scope")
    account = accounts.account_of(session(), actor().sub)
    return {"sub": account.sub, **({"name": account.display_name} if holds(scope, "profile") else {})}
