"""Every error leaves as `application/problem+json` with a stable type (RFC 9457). Nobody else builds an error body."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, current_app, json
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from smartcity.errors import InputWrong, NotYet, Refusal
from smartcity.http.languages import Messages, language
from smartcity.observability import log
from smartcity.storage.transaction import is_away

NAMES = {
    400: "unreadable", 401: "sign-in-required", 403: "not-allowed", 404: "not-found", 405: "method-not-allowed", 406: "not-acceptable",
    409: "conflict", 412: "stale", 413: "too-large", 415: "wrong-content-type", 422: "fields-wrong", 428: "if-match-required",
    429: "too-often", 500: "internal", 503: "unavailable",
}  # fmt: skip


def messages() -> Messages:
    """The texts of the running service."""
    found: Messages = current_app.extensions["smartcity.messages"]
    return found


def problem(status: int, code: str, facts: Mapping[str, Any] | None = None, errors: Mapping[str, Any] | None = None) -> Response:
    """A problem with its title and detail in the caller's language."""
    log.info("refused", problem=code, status=status)
    title, detail = messages().problem(code, language(), facts or {})
    body: dict[str, Any] = {"type": f"/problems/{code}", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = _translated(errors)
    answer = Response(json.dumps(body), status, mimetype="application/problem+json")
    answer.headers["Content-Language"] = language()
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        answer.headers["Retry-After"] = "5"
    return answer


def _translated(errors: Any) -> Any:
    if isinstance(errors, Mapping):
        return {str(key): _translated(value) for key, value in errors.items()}
    if isinstance(errors, list | tuple):
        return [_translated(value) for value in errors]
    return messages().field(str(errors), language())


def _refused(error: Refusal) -> Response:
    return problem(error.status, error.code, error.facts, error.errors if isinstance(error, InputWrong) else None)


def _http(error: HTTPException) -> Response:
    data = getattr(error, "data", None) or {}
    status = error.code or 500
    code = getattr(error, "problem", None) or NAMES.get(status, "internal")
    wrong = data.get("messages") or None
    if isinstance(wrong, Mapping) and set(wrong) <= {"json", "query", "form", "files", "headers"}:
        wrong = {field: said for place in wrong.values() for field, said in _fields(place)}
    answer = problem(status, code, errors=wrong)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after", "www-authenticate"):
            answer.headers[name] = value
    return answer


def _fields(place: Any) -> list[tuple[str, Any]]:
    return list(place.items()) if isinstance(place, Mapping) else [("_body", place)]


def constraint_code(error: IntegrityError) -> str:
    """The rule that a constraint holds, by the service's `constraints`; `conflict` for one that has no name there."""
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", None) or ""
    log.warning("constraint refused a change", constraint=name)
    return str(current_app.extensions["smartcity.constraints"].get(name, "conflict"))


def _integrity(error: IntegrityError) -> Response:
    return problem(409, constraint_code(error))


def _database(error: DBAPIError) -> Response:
    state = getattr(error.orig, "sqlstate", None)
    if is_away(error) or state in ("55P03", "57014", "40P01", "40001"):
        log.error("database away", error=error)
        return problem(503, "unavailable")
    return _crash(error)


def _crash(error: Exception) -> Response:
    log.error("unhandled error", error=error)
    return problem(500, "internal")


def install(app: Flask) -> None:
    """Give the app its one home of errors."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(StaleDataError, lambda _: problem(412, "stale"))
    app.register_error_handler(PoolTimeout, lambda _: problem(503, "unavailable"))
    app.register_error_handler(NotYet, lambda _: problem(409, "conflict"))
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _crash)
