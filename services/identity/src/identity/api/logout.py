"""The end of a session, begun by a program: `end_session_endpoint` of OpenID Connect RP-Initiated Logout 1.0."""

from collections.abc import Mapping

from flask import Response, redirect, request

from identity.api import outside
from identity.api.form_pages import html
from identity.api.sign_in_form import page_language, told_page
from identity.use_cases.logout import sign_out
from smartcity.http import Blueprint, session

logout = Blueprint("logout", description="Signing out.", prefix="")
PARAMETERS = ("id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales")


@logout.get("/oauth/logout")
@logout.doc(parameters=[{"in": "query", "name": name, "schema": {"type": "string"}} for name in PARAMETERS])
@html(logout)
@logout.alt_response(303, description="Back to the client")
@outside.outside
def begin_logout() -> Response:
    """Sign out of the program that asks."""
    return _signed_out(outside.single(request.args))


@logout.post("/oauth/logout")
@html(logout, outside.form_of(*PARAMETERS))
@logout.alt_response(303, description="Back to the client")
@outside.outside
def send_logout() -> Response:
    """The same, by a form: an id_token in an address stays in histories."""
    return _signed_out(outside.form())


def _signed_out(params: Mapping[str, str]) -> Response:
    done = sign_out(session(), outside.issuer().issuer, params, outside.moment())
    if done.address is not None:
        return redirect(done.address, 303)  # type: ignore[return-value]
    return told_page("logout" if done.named else "no_session", page_language(params.get("ui_locales", "")), "")
