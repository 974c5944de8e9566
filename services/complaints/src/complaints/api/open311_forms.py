"""How Open311 is answered: one meaning as XML or, by the Spark convention, as JSON; refusals as a list of `code` and `description`."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, tostring

from flask import Response, request
from werkzeug.exceptions import HTTPException

from smartcity.errors import InputWrong, NotFound, Refusal
from smartcity.http.languages import language
from smartcity.http.problems import NAMES, messages
from smartcity.observability import log

ROOT = "/open311/v2"
ONE_OF = {
    "services": "service", "attributes": "attribute", "values": "value", "service_requests": "request",
    "service_request_updates": "request_update", "errors": "error", "endpoints": "endpoint", "formats": "format",
}  # fmt: skip
KINDS = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
BAD_REQUEST, NO_KEY, UNKNOWN = 400, 403, 404


def said(root: str, told: Any, status: int = 200) -> Response:
    """The answer in the form the address asks for; XML, which every client reads, where it asks for none we have."""
    form = (request.view_args or {}).get("form", request.path.rpartition(".")[2])
    if form == "json":
        return Response(json.dumps(told, ensure_ascii=False), status, content_type=KINDS["json"])
    body = tostring(as_xml(root, told), encoding="utf-8", xml_declaration=True)
    return Response(body, status, content_type=KINDS["xml"])


def as_xml(name: str, told: Any) -> Element:
    """The element `name`; a list's entries are called by `ONE_OF`, nothing is an empty element."""
    element = Element(name)
    if isinstance(told, Mapping):
        element.extend(as_xml(part, value) for part, value in told.items())
    elif isinstance(told, list):
        element.extend(as_xml(ONE_OF[name], one) for one in told)
    elif told is not None:
        element.text = str(told).lower() if isinstance(told, bool) else str(told)
    return element


def refused(error: Exception) -> Response:
    """403 for a key that is missing or nobody's, 404 for what is not there, 400 for all else (GeoReport v2, errors)."""
    status, texts = _judged(error)
    failed = not isinstance(error, Refusal | HTTPException)
    log.log(40 if failed else 20, "open311 refused", status=status, error=error)
    return said("errors", [{"code": status, "description": text} for text in texts], status)


def refuse_unknown_address() -> Response | None:
    """What is asked below `ROOT` and is no operation is refused in the form of all else there, before the service's own form of a refusal."""
    error = request.routing_exception
    return refused(error) if error is not None and f"{request.path}/".startswith(f"{ROOT}/") else None


def fingerprint(application: str) -> bytes:
    """32 bytes that are the same for the same form from the same application, and for no other; of photos their bytes, since the boundary differs."""
    digest = hashlib.sha256(repr((application, sorted(request.form.items(multi=True)))).encode())
    for name, file in sorted(request.files.items(multi=True), key=lambda part: part[0]):
        digest.update(f"\0{name}\0".encode() + hashlib.file_digest(file.stream, "sha256").digest())  # type: ignore[arg-type]
        file.stream.seek(0)
    return digest.digest()


def _judged(error: Exception) -> tuple[int, list[str]]:
    if isinstance(error, InputWrong):
        return BAD_REQUEST, _by_field(error.errors)
    if isinstance(error, Refusal):
        return UNKNOWN if isinstance(error, NotFound) else NO_KEY if error.status == NO_KEY else BAD_REQUEST, [
            _text(error.code, error.facts)
        ]
    if isinstance(error, HTTPException) and (error.code or 500) < 500:
        if error.code in (401, NO_KEY):
            return NO_KEY, [_text("key-not-valid", {})]
        wrong = (getattr(error, "data", None) or {}).get("messages", {}).get("form")
        return UNKNOWN if error.code == UNKNOWN else BAD_REQUEST, _by_field(wrong) if wrong else [_text(NAMES[error.code or 400], {})]
    return BAD_REQUEST, [_text("unavailable", {})]


def _text(code: str, facts: Mapping[str, Any]) -> str:
    title, detail = messages().problem(code, language(), facts)
    return f"{title}. {detail}" if detail else title


def _by_field(errors: Mapping[str, Any]) -> list[str]:
    return [f"{name}: {text}" for name, what in errors.items() for text in _texts(what)]


def _texts(what: Any) -> list[str]:
    if isinstance(what, Mapping):
        return _by_field(what)
    return [messages().field(str(one), language()) for one in what]
