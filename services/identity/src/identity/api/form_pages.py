"""What the pages with a form share: what was typed, what is wrong with it in the person's language, and the way back to the sign-in."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import marshmallow as ma
from flask import Response, request

from identity.api import outside
from identity.api.outside import View
from identity.api.sign_in_form import (
    COOKIE,
    browser_cookie,
    form_token,
    in_wished_language,
    is_own_form,
    page,
    page_language,
    refused_page,
    told_page,
    wait_said,
    with_cookie,
)
from identity.rules.authorization import PARAMETERS
from identity.rules.refusal import OAuthRefused
from identity.use_cases.throttle import TooOften
from smartcity.errors import InputWrong, NotFound, Refusal
from smartcity.http import Blueprint, keep
from smartcity.http.languages import LANGUAGES
from smartcity.http.problems import messages

PAGE = {"type": "string"}
CARRIED = ("go_on", "ui_locales")
ALWAYS = (*CARRIED, "form_token")
"""Fields that go from page to page: the request to sign in with which a person came, and the language they chose."""


@dataclass(frozen=True)
class Form:
    """One form, as it came in."""

    values: Mapping[str, str]
    language: str

    @classmethod
    def asked(cls) -> "Form":
        """A page that was asked for, with the request to sign in that led there."""
        return cls._of(outside.single(request.args))

    @classmethod
    def sent(cls) -> "Form":
        """A form that was sent; raises `OAuthRefused` for another content type."""
        return cls._of(outside.form())

    @classmethod
    def _of(cls, sent: dict[str, str]) -> "Form":
        values = in_wished_language(sent)
        carried = dict(parse_qsl(values.get("go_on", ""))) or values
        asked = {name: carried[name] for name in PARAMETERS if name in carried}
        if values.get("ui_locales"):
            asked["ui_locales"] = values["ui_locales"]
        return cls({**values, "go_on": urlencode(asked) if "client_id" in asked else ""}, page_language(values.get("ui_locales", "")))

    def read(self, schema: type[ma.Schema], names: Iterable[str]) -> Any:
        """The fields by their schema; raises `ValidationError`."""
        return schema().load({name: self.values.get(name, "") for name in names})

    def ident(self) -> UUID:
        """What the form is about; raises `NotFound` where that is no id."""
        try:
            return UUID(self.values.get("id", ""))
        except ValueError:
            raise NotFound() from None

    def page(
        self, name: str, fields: Iterable[str], *, action: str, status: int = 200, problem: str = "", errors: Mapping[str, str] | None = None,
        more_hidden: Mapping[str, str] | None = None, **shown: Any,
    ) -> Response:  # fmt: skip
        """The form's page, sent to `action`, with what was typed (a password or code never) and what is wrong with it."""
        cookie = browser_cookie()
        hidden = {name: self.values[name] for name in CARRIED if self.values.get(name)} | dict(more_hidden or {})
        hidden["form_token"] = form_token(cookie, outside.moment())
        typed = {field: self.values.get(field, "") for field in fields}
        wrong = {field: (errors or {}).get(field, "") for field in fields}
        answer = page(name, self.language, action, hidden, status=status, typed=typed, errors=wrong, problem=problem, **shown)
        return with_cookie(answer, cookie)

    def is_own(self) -> bool:
        """Was it shown to this browser, lately?"""
        return is_own_form(self.values.get("form_token", ""), request.cookies.get(COOKIE, ""), outside.moment())

    def say(self, code: str) -> str:
        return messages().label(f"page.{code}", self.language)


def answered(form: Form, name: str, fields: Iterable[str], act: Callable[[], Response], **shown: Any) -> Response:
    """What `act` answers; where it refuses, the form again, saying why. What was counted stays counted. In the other language it is only shown."""
    if form.values.get("decision") in LANGUAGES:
        return form.page(name, fields, **shown)
    if not form.is_own():
        return form.page(name, fields, status=403, problem=form.say("problem.form_expired"), **shown)
    try:
        return act()
    except ma.ValidationError as wrong:
        return _wrong(form, name, fields, dict(wrong.normalized_messages()), shown)
    except InputWrong as wrong:
        keep()
        return _wrong(form, name, fields, wrong.errors, shown)
    except Refusal as refused:
        keep()
        answer = form.page(name, fields, status=refused.status, problem=_said(form, refused), **shown)
        if isinstance(refused, TooOften):
            answer.headers["Retry-After"] = str(int(refused.wait.total_seconds()) + 1)
        return answer


def _said(form: Form, refused: Refusal) -> str:
    if isinstance(refused, TooOften):
        return wait_said(refused.wait, form.language)
    title, detail = messages().problem(refused.code, form.language, refused.facts)
    return f"{title}. {detail or ''}".strip()


def _wrong(form: Form, name: str, fields: Iterable[str], errors: Mapping[str, Any], shown: Mapping[str, Any]) -> Response:
    known = messages().section("fields", form.language)
    said = {field: " ".join(known.get(code, known["field-wrong"]) for code in codes) for field, codes in errors.items()}
    return form.page(name, fields, status=422, problem=form.say("problem.fields_wrong"), errors=said, **shown)


def told(about: str, form: Form) -> Response:
    """The page that says that it is done, and leads back to the sign-in."""
    return told_page(about, form.language, form.values.get("go_on", ""))


def _readable(view: View) -> View:
    """A request that cannot be read at all is refused by a page."""

    @wraps(view)
    def shown(*args: Any, **more: Any) -> Any:
        try:
            return view(*args, **more)
        except OAuthRefused as refused:
            return refused_page(refused)

    return shown


def html(blueprint: Blueprint, form: Mapping[str, Any] | None = None) -> Callable[[View], View]:
    """A view that answers a page: how it is described. `form`: what is sent to it (`outside.form_of`)."""

    def decorate(view: View) -> View:
        described = view
        for status in (400, 403, 409, 422, 429):
            described = blueprint.alt_response(status, schema=PAGE, content_type="text/html")(described)
        described = blueprint.response(200, PAGE, content_type="text/html")(_readable(described))
        return blueprint.doc(requestBody=form)(described) if form else described

    return decorate
