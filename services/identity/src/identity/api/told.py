"""`/oauth/told`: what a page has said, said again in the other language. Nothing is done by it."""

from flask import Response

from identity.api import outside
from identity.api.form_pages import Form, html, told
from identity.api.sign_in_form import TOLD
from identity.rules.refusal import OAuthRefused
from smartcity.http import Blueprint

told_again = Blueprint("told-again", description="What a page has said, in the other language.", prefix="")
ABOUT = ("register", "reset", "logout", "no_session", "federation_failed", "federation_unknown", "federation_not_mine")


@told_again.get(f"{TOLD}/<string:about>")
@html(told_again)
@outside.outside
def show_told(about: str) -> Response:
    """Say it again."""
    if about not in ABOUT:
        raise OAuthRefused("invalid_request", "no page says that")
    return told(about, Form.asked())
