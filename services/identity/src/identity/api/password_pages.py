"""The pages of a forgotten password: the address, the code with the new password, and that it is done."""

from typing import Any

from flask import Response

from identity.api import outside
from identity.api.form_pages import ALWAYS, Form, answered, html, told
from identity.api.passwords import NewPasswordRequest, ResetRequest
from identity.use_cases import new_passwords as use_cases
from identity.use_cases.origin import Origin
from smartcity.http import Blueprint, session
from smartcity.http.languages import LANGUAGES

password_pages = Blueprint("password-pages", description="The pages of a forgotten password.", prefix="")
FORM, CODE = "/oauth/reset", "/oauth/reset/confirmation"
TYPED = ("code", "password")


@password_pages.get(FORM)
@html(password_pages)
@outside.outside
def show_reset() -> Response:
    """Ask for the e-mail address."""
    return Form.asked().page("reset.html", ("email",), action=FORM)


@password_pages.post(FORM)
@html(password_pages, outside.form_of("email", *ALWAYS, decision=("send", *LANGUAGES)))
@outside.outside
def send_reset() -> Response:
    """Read it, and send a code where there is an account. Without a decision the page is shown again, perhaps in the other language."""
    form = Form.sent()
    if form.values.get("decision") != "send":
        return form.page("reset.html", ("email",), action=FORM)
    return answered(form, "reset.html", ("email",), lambda: _begun(form), action=FORM)


@password_pages.post(CODE)
@html(password_pages, outside.form_of("id", *TYPED, *ALWAYS, decision=("confirm", *LANGUAGES)))
@outside.outside
def send_new_password() -> Response:
    """Read the code and the new password."""
    form = Form.sent()
    return answered(form, "code.html", TYPED, lambda: _finished(form), **_about(form.values.get("id", "")))


def _origin(form: Form) -> Origin:
    return Origin(outside.caller_address(), form.language)


def _begun(form: Form) -> Response:
    email = form.read(ResetRequest, ("email",))["email"]
    code = use_cases.begin_reset(session(), email, _origin(form), outside.moment())
    return form.page("code.html", TYPED, **_about(str(code.id)))


def _finished(form: Form) -> Response:
    sent = form.read(NewPasswordRequest, TYPED)
    use_cases.finish_reset(session(), form.ident(), sent, _origin(form), outside.moment())
    return told("reset", form)


def _about(ident: str) -> dict[str, Any]:
    return {"about": "reset", "action": CODE, "more_hidden": {"id": ident}, "new_password": True}
