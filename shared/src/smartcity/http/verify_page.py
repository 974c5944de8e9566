"""What whoever scans the QR code of a paper sees in a browser: the same as `verify/{code}` answers a program, in words."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import Response, request

from smartcity import regions
from smartcity.calendar import JAKARTA, long_day
from smartcity.http.languages import Messages
from smartcity.http.pages import page, templates
from smartcity.money import format_rupiah

STANDS = ("valid", "paid")


def is_wanted() -> bool:
    """Does the caller rather read a page? A browser says so; who takes anything gets JSON."""
    accepted = request.accept_mimetypes
    return bool(accepted["text/html"] > accepted["application/json"])


def known(found: Mapping[str, Any], words: Messages, lang: str, now: datetime) -> Response:
    """The page of a document that is ours."""
    return _page(200, words, lang, now, {"found": found, "facts": facts(found, words, lang), "stands": found["standing"] in STANDS})


def unknown(words: Messages, lang: str, now: datetime) -> Response:
    """The page for a code that we never gave."""
    title, detail = words.problem("document-unknown", lang, {})
    return _page(404, words, lang, now, {"found": None, "title": title, "detail": detail})


def facts(found: Mapping[str, Any], words: Messages, lang: str) -> list[tuple[str, str]]:
    """What is to be compared with the paper, a label and a text each. A claim that has no label is for programs and is left out."""
    said = found["statement"]
    rows = [(_label(words, name, lang), _text(words, name, said[name], lang)) for name in said if name not in ("code", "kind")]
    signature = found.get("signature")
    if signature:
        signed = {"signed_by": signature["by"], "signed_issuer": signature["issuer"], "signed_at": moment(signature["at"], lang)}
        rows += [(_label(words, name, lang), text) for name, text in signed.items()]
    return [(_label(words, "code", lang), str(found["code"])), *((label, text) for label, text in rows if label)]


def _label(words: Messages, name: str, lang: str) -> str:
    code = f"document.claim.{name}"
    label = words.label(code, lang)
    return "" if label == code else label


def _text(words: Messages, name: str, value: Any, lang: str) -> str:
    if isinstance(value, int):
        return format_rupiah(value)
    code = f"document.claim.{name}.{value}"
    if (label := words.label(code, lang)) != code:
        return label
    if place := regions.kelurahan(str(value)):
        return place.name
    try:
        return long_day(date.fromisoformat(str(value)), lang)
    except ValueError:
        return str(value)


def moment(when: datetime, lang: str) -> str:
    """`27 November 2026, 07.03 WIB`."""
    local = when.astimezone(JAKARTA)
    return f"{long_day(local.date(), lang)}, {local:%H.%M} WIB"


def _page(status: int, words: Messages, lang: str, now: datetime, shown: Mapping[str, Any]) -> Response:
    template = templates("smartcity", "http").get_template("verify_page.html")
    answer = page(template, lang, lambda code: words.label(code, lang), status=status, checked_at=moment(now, lang), **shown)
    answer.vary.add("Accept")
    return answer
