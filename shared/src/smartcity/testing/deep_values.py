"""What is nested without end where no body is (OWASP API4): in the parameters of a query, their names, a part of the path, a field of a form."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from smartcity.testing.examples import Call
from smartcity.testing.tries import Tries

DEEP = "[" * 10_000 + "]" * 10_000
NAMED = "[a]" * 10_000
FORM = "application/x-www-form-urlencoded"
OF_OPENID = ("request", "claims")
"""Parameters of OpenID Connect that hold JSON; who asks by them is refused, or they are passed over."""


def deep_values(tries: Tries) -> Iterator[str]:
    """Each try that was not refused, or, where a partner's rules pass over what they do not know, was a crash."""
    for path, ways in tries.described().items():
        for method, operation in ways.items():
            call = tries.recorder.calls.get(operation.get("operationId", "")) if method != "parameters" else None
            if call is None:
                continue
            parameters = [*ways.get("parameters", []), *operation.get("parameters", [])]
            for where, tried in _nested(path, call, parameters, operation):
                said = tries.try_(tried, tries.as_played(tried)).status_code
                if said >= 500 or (said < 400 and not call.partner):
                    yield f"{operation['operationId']}: {where} 10,000 deep is {said}"


def _nested(path: str, call: Call, parameters: list[dict[str, Any]], operation: dict[str, Any]) -> Iterator[tuple[str, Call]]:
    names = {place: [one["name"] for one in parameters if one["in"] == place] for place in ("query", "path")}
    for name in (*names["query"], *(OF_OPENID if call.partner else ())):
        yield f"the parameter {name}", replace(call, path=f"{call.path.partition('?')[0]}?{name}={quote(DEEP)}")
        yield f"the name {name}", replace(call, path=f"{call.path.partition('?')[0]}?{name}{quote(NAMED)}=1")
    for name in names["path"]:
        filled = {other: quote(DEEP, safe="") if other == name else "1" for other in names["path"]}
        yield f"the part {name} of the path", replace(call, path=path.format_map(filled))
    form = operation.get("requestBody", {}).get("content", {}).get(FORM)
    if form and call.form is None:
        sent = dict(parse_qsl(call.body.decode()))
        for name in (*form["schema"].get("properties", ()), *OF_OPENID):
            yield f"the field {name}", replace(call, body=urlencode({**sent, name: DEEP}).encode())
