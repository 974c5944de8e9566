"""OpenAPI 3.1 of a service: who may call an operation comes from its policy, errors are problems, examples from its recorded ones."""

from collections.abc import Sequence
from copy import deepcopy
from functools import cached_property
from threading import Lock
from typing import Any

import flask_smorest
import marshmallow as ma
from flask import Flask

from smartcity.http import examples, fields
from smartcity.http.blueprint import Blueprint
from smartcity.http.policy import Policy

END = r"\Z"
BEARER = {"type": "http", "scheme": "bearer", "bearerFormat": "at+jwt"}


class Problem(ma.Schema):
    """RFC 9457."""

    type = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String()
    errors = ma.fields.Dict()


class Api(flask_smorest.Api):
    """flask-smorest's documentation; our problems stay the only home of errors."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """None: `smartcity.http.problems` has them."""

    def _register_responses(self) -> None:
        spec_default = self.DEFAULT_RESPONSE_CONTENT_TYPE  # type: ignore[has-type]
        try:
            self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"
            super()._register_responses()
        finally:
            self.DEFAULT_RESPONSE_CONTENT_TYPE = spec_default


class Documentation:
    """The documentation of one app's operations, made when it is first asked for: a start does without, and few processes are ever asked."""

    def __init__(self, app: Flask, title: str, blueprints: Sequence[Blueprint], policy: Policy) -> None:
        self._app, self._title, self._blueprints, self._policy = app, title, blueprints, policy
        self._making = Lock()

    def of(self, package: str) -> dict[str, Any]:
        """The document, with the example of every operation of `package` that has one."""
        with self._making:
            found = deepcopy(self._made)
        known = examples.load(package)
        for name, operation in operations(found["paths"]).items():
            if name in known:
                examples.show(operation, known[name])
        return found

    @cached_property
    def _made(self) -> dict[str, Any]:
        self._app.config.update(
            API_TITLE=self._title, API_VERSION="v1", OPENAPI_VERSION="3.1.0",
            API_SPEC_OPTIONS={"components": {"securitySchemes": {"bearer": BEARER}}},
        )  # fmt: skip
        api = Api(self._app)
        api.ma_plugin.converter.add_attribute_function(_pattern)
        api.register_field(fields.Exact, "string", "decimal")  # as it is answered; a number is read too
        for blueprint in self._blueprints:
            blueprint.register_views_in_doc(api, self._app, api.spec, name=blueprint.name, parameters=None)
            api.spec.tag({"name": blueprint.name, "description": blueprint.description})
        made: dict[str, Any] = api.spec.to_dict()
        _write_policy(made, self._policy)
        return made


def _pattern(_: Any, field: ma.fields.Field[Any], **more: Any) -> dict[str, str]:
    r"""A field's pattern as every language reads it: `match` begins at the beginning, and `\Z` is Python's word alone."""
    patterns = [str(validator.regex.pattern) for validator in field.validators if isinstance(validator, ma.validate.Regexp)]
    return {"pattern": f"^{patterns[0].replace(END, '$')}"} if len(patterns) == 1 else {}


def operations(paths: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every documented operation by its id."""
    return {
        operation["operationId"]: operation
        for path in paths.values()
        for method, operation in path.items()
        if method != "parameters" and "operationId" in operation
    }


def _write_policy(made: dict[str, Any], policy: Policy) -> None:
    """Write security, roles and the common refusals into every operation, beside those in the partner's words: the gateway refuses in ours alone."""
    for name, operation in operations(made["paths"]).items():
        roles = sorted({grant.role for grant in policy[name]})
        operation["security"] = [] if roles == ["anyone"] else [{"bearer": []}] if "anyone" not in roles else [{}, {"bearer": []}]
        operation["x-roles"] = roles
        own = operation.pop("x-refusals", {})
        for status in (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 500, 503):
            said = operation.setdefault("responses", {}).setdefault(str(status), {"description": "A problem"})
            said["content"] = {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
                **own,
                **said.get("content", {}),
            }
