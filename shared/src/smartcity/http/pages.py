"""Pages for a browser: no script and nothing from outside, their style allowed by a nonce."""

import secrets
from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Response
from jinja2 import Environment, PackageLoader, StrictUndefined, Template


@cache
def templates(package: str, folder: str) -> Environment:
    """The pages in `folder` of `package`: what is put into them is escaped, and what they name must be given."""
    return Environment(loader=PackageLoader(package, folder), autoescape=True, undefined=StrictUndefined)


def page(
    template: Template, lang: str, say: Callable[[str], str], *, status: int = 200, form_action: str = "'none'", **shown: Any
) -> Response:
    """`template` in the language `lang`, whose words `say` gives. Its forms go to `form_action` and nowhere else."""
    nonce = secrets.token_urlsafe(16)
    answer = Response(template.render(lang=lang, say=say, nonce=nonce, **shown), status, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action {form_action}; frame-ancestors 'none'; base-uri 'none'"
    )
    answer.headers["Content-Language"] = lang
    answer.vary.add("Accept-Language")
    return answer
