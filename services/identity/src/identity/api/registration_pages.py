"""The pages where a citizen opens an account: what to fill in, the code, and that it is done."""

from typing import Any

from flask import Response

from identity.api import outside
from identity.api.form_pages import ALWAYS, Form, answered, html, told
from identity.api.registrations import CodeRequest, RegistrationRequest, applicant
from identity.use_cases import registrations as use_cases
from smartcity.http import Blueprint, session
from smartcity.http.languages import LANGUAGES

registration_pages = Blueprint("registration-pages", description="The pages where a citizen opens an account.", prefix="")
FIELDS = ("nik", "name", "phone", "email", "password")
FORM, CODE = "/oauth/register", "/oauth/register/confirmation"


@registration_pages.get(FORM)
@html(registration_pages)
@outside.outside
def show_registration() -> Response:
    """Show what to fill in."""
    return Form.asked().page("register.html", FIELDS, action=FORM)


@registration_pages.post(FORM)
@html(registration_pages, outside.form_of(*FIELDS, *ALWAYS, decision=("send", *LANGUAGES)))
@outside.outside
def send_registration() -> Response:
    """Read it, and send the code. Without a decision the page is shown again, perhaps in the other language."""
    form = Form.sent()
    if form.values.get("decision") != "send":
        return form.page("register.html", FIELDS, action=FORM)
    return answered(form, "register.html", FIELDS, lambda: _begun(form), action=FORM)


@registration_pages.post(CODE)
@html(registration_pages, outside.form_of("id", "code", *ALWAYS, decision=("confirm", *LANGUAGES)))
@outside.outside
def send_registration_code() -> Response:
    """Read the code; the account's address is told what came of it."""
    form = Form.sent()
    return answered(form, "code.html", ("code",), lambda: _confirmed(form), **_about(form.values.get("id", "")))


def _begun(form: Form) -> Response:
    request: dict[str, Any] = form.read(RegistrationRequest, FIELDS)
    code = use_cases.begin(session(), applicant(request, form.language), outside.caller_address(), outside.moment())
    return form.page("code.html", ("code",), **_about(str(code.id)))


def _confirmed(form: Form) -> Response:
    code = form.read(CodeRequest, ("code",))["code"]
    use_cases.confirm(session(), form.ident(), code, outside.caller_address(), outside.moment())
    return told("register", form)


def _about(ident: str) -> dict[str, Any]:
    return {"about": "register", "action": CODE, "more_hidden": {"id": ident}, "new_password": False}
