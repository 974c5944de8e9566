"""The examples of a service's operations are recorded while a test plays them, and hold as long as that test says so.

The test calls every operation (fixture `recorder` listens to whoever calls, the last call counts), then asserts
`recorder.wrong() == []`. With `WRITE_EXAMPLES=1` it writes `api/examples.json` first: an example that has still its names and kinds
stays as it is, any other is recorded anew. Taken out by hand, one is too.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import uuid4

import jsonschema_rs
import marshmallow as ma
from flask import Response, g, request, request_finished
from werkzeug.test import TestResponse

from smartcity.http import examples, openapi
from smartcity.http.app import CityFlask
from smartcity.http.auth import Actor
from smartcity.http.examples import Example
from smartcity.identity_number import parse_nik

MOST = 3
"""Entries of a page that an example shows."""
NUMBER = re.compile(r"\b[0-9]{16}\b")
NOWHERE = "99"
NOBODY_S = (None, None, frozenset[str]())
TEXTS = ("text/csv", "text/calendar", "application/atom+xml")
"""Answers that are shown as the text they are."""
SECRETS = frozenset({"password", "client_secret", "code_verifier", "access_token", "accessToken", "refresh_token", "id_token", "token"})
"""Fields whose value no example shows."""


@dataclass(frozen=True)
class Call:
    """How an operation was called last: enough to call it again.

    `partner`: outside `/v1`, by a partner's own rules. `owner`, `office`, `parties`: of the thing it was about. `form`: the fields of an upload, whose
    file is not kept.
    """

    method: str
    path: str
    body: bytes
    content_type: str
    actor: Actor
    partner: bool
    owner: str | None
    office: str | None
    parties: frozenset[str]
    form: Mapping[str, str] | None


class Recorder:
    """What each operation was asked and answered last."""

    def __init__(self, app: CityFlask) -> None:
        self._app, self._client = app, app.test_client()
        self.heard: dict[str, Example] = {}
        self.calls: dict[str, Call] = {}
        self._listens = True
        request_finished.connect(self._hear, app)
        for endpoint, view in app.view_functions.items():
            app.view_functions[endpoint] = _looking(view)

    def _hear(self, app: CityFlask, response: Response) -> None:
        name = (request.endpoint or "").rpartition(".")[2]
        if self._listens and name in app.policy and response.status_code < 400:
            self.heard[name] = {**_asked(), "status": response.status_code, **_answered(response)}
            self.calls[name] = self._call()

    def _call(self) -> Call:
        path, kind = request.full_path.removesuffix("?"), request.content_type or ""
        form = request.form.to_dict() if request.mimetype == "multipart/form-data" else None
        body = b"" if form is not None else request.get_data()
        owner, office, parties = g.get("about", NOBODY_S)
        return Call(request.method, path, body, kind, g.actor, not path.startswith("/v1/"), owner, office, parties, form)

    @property
    def app(self) -> CityFlask:
        return self._app

    def get(self, path: str, headers: dict[str, str] | None = None) -> Any:
        """What is answered; raises unless it goes well."""
        return self.well(self._client.get(path, headers=headers, buffered=True))

    def post(self, path: str, headers: dict[str, str] | None = None, **sent: Any) -> Any:
        """Likewise, with a fresh Idempotency-Key."""
        return self.well(self._client.post(path, headers={**(headers or {}), "Idempotency-Key": str(uuid4())}, buffered=True, **sent))

    @staticmethod
    def well(answer: TestResponse) -> Any:
        """The JSON of an answer, or the answer itself; raises unless it went well."""
        assert answer.status_code < 400, (answer.request.path, answer.text)
        return answer.json if answer.is_json and answer.data else answer

    def wrong(self) -> list[str]:
        """Operations without an example, and examples that are not what the operation says. Writes them first where that is asked for."""
        package = self._app.import_name
        if os.environ.get("WRITE_EXAMPLES"):
            self._write(package)
        known, described = examples.load(package), json.loads(self._client.get("/openapi.json").data)
        operations = openapi.operations(described["paths"])
        found = [f"{name} is no operation" for name in sorted(set(known) - set(operations))]
        for name, operation in sorted(operations.items()):
            found += [f"{name}: {line}" for line in self._judged(name, operation, known.get(name), described["components"])]
        return found

    @contextmanager
    def deaf(self) -> Iterator[None]:
        """What is called meanwhile is not heard."""
        self._listens = False
        try:
            yield
        finally:
            self._listens = True

    def kept_out(self, *besides: str, people: Mapping[str, str] | None = None) -> list[str]:
        """What the policy grants and the service refuses: every operation that was played is called by everybody who may (`Insiders`)."""
        from smartcity.testing.insiders import Insiders

        return Insiders(self, besides, people).wrong()

    def intruded(self) -> list[str]:
        """What somebody could do who must not: every operation that was played is tried by everybody else."""
        from smartcity.testing.intruders import Intruders

        return Intruders(self).wrong()

    def _judged(self, name: str, operation: dict[str, Any], known: Example | None, components: dict[str, Any]) -> list[str]:
        if name not in self.heard:
            return ["was not played"]
        if known is None or shape(known) != shape(self.heard[name]):
            return ["its example is not what it is asked and answers (WRITE_EXAMPLES=1 records it)"]
        return [*_misfits(operation, known, components), *self._refused(name, known), *_people(known)]

    def _refused(self, name: str, known: Example) -> list[str]:
        """What the operation's own reading says of the request."""
        views = {endpoint.rpartition(".")[2]: view for endpoint, view in self._app.view_functions.items()}
        apidoc = getattr(views[name], "_apidoc", {})
        schemas = [one["schema"] for one in apidoc.get("arguments", {}).get("parameters", []) if one["in"] in ("json", "form")]
        try:
            for schema in schemas if "request" in known else ():
                (schema() if isinstance(schema, type) else schema).load(known["request"])
        except ma.ValidationError as error:
            return [f"its request is refused: {error.messages}"]
        return []

    def _write(self, package: str) -> None:
        known = examples.load(package)
        kept = {
            name: known[name] if name in known and shape(known[name]) == shape(heard) else _of_nobody(_without_secrets(heard))
            for name, heard in self.heard.items()
        }
        Path(str(examples.home(package))).write_text(json.dumps(dict(sorted(kept.items())), indent=1, ensure_ascii=False) + "\n")


def _looking(view: Callable[..., Any]) -> Callable[..., Any]:
    """The view; whose the thing is that it was about, and of which office, is kept as long as the database is at hand."""

    @wraps(view)
    def looked(*args: Any, **named: Any) -> Any:
        answer = view(*args, **named)
        about = g.get("case")
        g.about = (*(getattr(about, name, None) for name in ("owner_sub", "office")), getattr(about, "parties", frozenset()))
        return answer

    return looked


def shape(value: Any) -> Any:
    """Names and kinds, whatever the values; of a list the kinds of its entries."""
    if isinstance(value, dict):
        return {name: shape(part) for name, part in value.items()}
    if isinstance(value, list):
        return sorted({json.dumps(shape(part), sort_keys=True) for part in value})
    return type(value).__name__


def _asked() -> Example:
    if request.is_json and request.get_data():
        return {"request": request.get_json()}
    form = {**request.form.to_dict(), **{name: file.filename for name, file in request.files.items()}}
    return {"request": form} if form else {}


def _answered(response: Response) -> Example:
    if response.is_json and response.status_code != 204:
        return {"answer": _shortened(response.get_json())}
    if response.mimetype not in TEXTS:
        return {}
    response.direct_passthrough = False  # of a table that is sent from its file, too
    return {"answer": response.get_data(as_text=True)}


def _shortened(answer: Any) -> Any:
    if isinstance(answer, dict) and isinstance(answer.get("items"), list):
        return {**answer, "items": answer["items"][:MOST]}
    return answer


def _misfits(operation: dict[str, Any], known: Example, components: dict[str, Any]) -> list[str]:
    """Where an example that is shown does not fit its schema, or one that should be shown is not there."""
    parts = {"request": operation.get("requestBody", {}), "answer": operation["responses"].get(str(known["status"]), {})}
    found = [] if "description" in parts["answer"] else [f"{known['status']} stands in no description"]
    for part, described in parts.items():
        for kind, content in described.get("content", {}).items():
            found += [f"its {part} {line}" for line in _misfit(kind, content, components)]
    return found


def _misfit(kind: str, content: dict[str, Any], components: dict[str, Any]) -> list[str]:
    schema = content.get("schema", {})
    if "example" not in content:
        return [] if schema.get("format") == "binary" or kind in ("text/html", examples.XML) else ["is missing"]
    if "form" in kind:  # whose values are text, whatever they mean: its reading judges them
        return []
    validator = jsonschema_rs.Draft202012Validator({**schema, "components": components})
    return [f"at {'.'.join(map(str, error.instance_path))}: {error.message}" for error in validator.iter_errors(content["example"])]


def _people(known: Example) -> list[str]:
    return [f"{number} may be somebody's NIK" for number in NUMBER.findall(json.dumps(known)) if _may_be_a_nik(number)]


def _of_nobody(heard: Example) -> Example:
    """The example with each number that could be somebody's NIK moved to a province that is none."""
    text = NUMBER.sub(lambda found: NOWHERE + found[0][2:] if _may_be_a_nik(found[0]) else found[0], json.dumps(heard))
    return dict(json.loads(text))


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: "…" if name in SECRETS and isinstance(part, str) else _without_secrets(part) for name, part in value.items()}
    return [_without_secrets(part) for part in value] if isinstance(value, list) else value


def _may_be_a_nik(number: str) -> bool:
    try:
        return not parse_nik(number).region.startswith(NOWHERE)
    except ValueError:
        return False
