"""What the endpoints outside /v1 share: their form, the caller's address, real time, and refusals in the words of OAuth."""

import ipaddress
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Response, current_app, jsonify, request
from werkzeug.datastructures import MultiDict

from identity.rules.claims import Issuer
from identity.rules.refusal import OAuthRefused
from identity.use_cases.throttle import TooOften
from smartcity import clock
from smartcity.errors import Refusal
from smartcity.http import keep
from smartcity.settings import Settings

View = Callable[..., Any]
LARGEST_FORM = 64 * 1024
FORM = "application/x-www-form-urlencoded"


def outside(view: View) -> View:
    """An endpoint whose parameters are the protocol's: unknown ones are ignored, as RFC 6749 §3.1 asks."""
    view.raw_query = True  # type: ignore[attr-defined]
    return view


def form_of(*names: str, must: str = "", **few: Sequence[str]) -> dict[str, Any]:
    """A form as it is documented: fields of text, and those (`few`) that are one of a few words. `must`: the one that is always sent."""
    texts = {name: {"type": "string"} for name in names} | {name: {"type": "string", "enum": [*words]} for name, words in few.items()}
    schema = {"type": "object", "properties": texts, **({"required": [must]} if must else {})}
    return {"content": {FORM: {"schema": schema}}, "required": bool(must)}


def settings() -> Settings:
    """The settings of this process."""
    found: Settings = current_app.extensions["smartcity.settings"]
    return found


def issuer() -> Issuer:
    """Who says what our tokens say, and for whom."""
    return Issuer(settings().issuer_url, settings().public_url)


def moment() -> datetime:
    """Real time: tokens, codes and sessions do not follow the suite's clock."""
    return clock.real_now()


def single(values: MultiDict[str, str]) -> dict[str, str]:
    """The parameters that have a value; raises `OAuthRefused` for one sent twice (RFC 6749 §3.1, §3.2)."""
    if any(len(values.getlist(name)) > 1 for name in values):
        raise OAuthRefused("invalid_request", "a parameter was sent twice")
    return {name: value for name, value in values.items() if value}


def form() -> dict[str, str]:
    """The parameters of a form; raises `OAuthRefused` for another content type."""
    request.max_content_length = LARGEST_FORM
    if request.mimetype != FORM:
        raise OAuthRefused("invalid_request", f"send {FORM}")
    return single(request.form)


def caller_address() -> str:
    """Where the request came from: the gateway's word when the gateway (a private neighbour) asks, else the peer itself."""
    peer = request.remote_addr or ""
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        return str(ipaddress.ip_address(forwarded)) if forwarded and ipaddress.ip_address(peer).is_private else peer
    except ValueError:
        return peer


def claims() -> dict[str, Any]:
    """The claims of the bearer token that the edge has just checked."""
    return claims_of(request.headers["Authorization"].partition(" ")[2].strip())


def claims_of(token: str) -> dict[str, Any]:
    """The claims of an access token of ours; raises `BadToken`."""
    found: dict[str, Any] = current_app.verifier.claims(token)  # type: ignore[attr-defined]
    return found


def in_words_of_oauth(view: View) -> View:
    """Refusals as RFC 6749 §5.2 has them. This is their one home; a refusal that keeps something is committed."""

    @wraps(view)
    def answered(*args: Any, **more: Any) -> Any:
        try:
            return view(*args, **more)
        except OAuthRefused as refused:
            if refused.keep:
                keep()
            return _body(refused)

    return answered


def counted(view: View) -> View:
    """A refusal that leaves its count behind: a code that was tried, a wish for one. The refusal itself has the usual home."""

    @wraps(view)
    def answered(*args: Any, **more: Any) -> Any:
        try:
            return view(*args, **more)
        except Refusal as refused:
            keep()
            answer = current_app.make_response(current_app.handle_user_exception(refused))
            if isinstance(refused, TooOften):
                answer.headers["Retry-After"] = str(int(refused.wait.total_seconds()) + 1)
            return answer

    return answered


def _body(refused: OAuthRefused) -> Response:
    answer: Response = jsonify(error=refused.error, error_description=refused.description)
    answer.status_code = refused.status
    if refused.status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="identity", charset="UTF-8"'
    if refused.retry_after:
        answer.headers["Retry-After"] = str(refused.retry_after)
    return answer
