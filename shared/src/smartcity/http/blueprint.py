"""Blueprints of a service's API: flask-smorest's arguments, responses and documentation, with our parser."""

from collections.abc import Callable, Mapping
from typing import Any

import flask_smorest
import marshmallow as ma

from smartcity.http.auth import Actor
from smartcity.http.body import Parser

View = Callable[..., Any]
KEY_PARAMETER = {
    "in": "header", "name": "Idempotency-Key", "required": True, "schema": {"type": "string", "maxLength": 200},
    "description": "The client's own key for this request; a repetition gets the same answer.",
}  # fmt: skip
PAGE_PARAMETERS = [
    {"in": "query", "name": "limit", "schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}},
    {"in": "query", "name": "cursor", "schema": {"type": "string"}, "description": "`next` of the page before."},
]


class Schema(ma.Schema):
    """What comes in or goes out. An unknown field is refused."""

    class Meta:
        unknown = ma.RAISE


def _page_schema(view: type[ma.Schema]) -> type[ma.Schema]:
    name = view.__name__.removesuffix("View") + "Page"
    attributes = {"items": ma.fields.List(ma.fields.Nested(view)), "next": ma.fields.String(allow_none=True)}
    return type(name, (Schema,), attributes)


class Blueprint(flask_smorest.Blueprint):
    """One resource of a service. The function's name is the operation's id; `policy.py` says who may call it.

    `authenticate` is a partner's own way of saying who calls; where it answers `None` the issuer's bearer token decides.
    `refusals` are the forms in which a partner is refused besides ours, a schema by content type.
    """

    ARGUMENTS_PARSER = Parser()

    def __init__(
        self, name: str, *, description: str = "", prefix: str = "/v1", authenticate: Callable[[], Actor | None] | None = None,
        refusals: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(name, __name__, url_prefix=prefix or None, description=description)
        self.authenticate, self.refusals = authenticate, refusals or {}

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        register = super().route(rule, **options)

        def decorate(view: View) -> View:
            parameters: list[dict[str, Any]] = [KEY_PARAMETER] if getattr(view, "idempotent", False) else []
            if getattr(view, "paged", False):
                parameters = [*parameters, *PAGE_PARAMETERS]
            more: dict[str, Any] = {"parameters": parameters} if parameters else {}
            if self.refusals:
                more["x-refusals"] = {kind: {"schema": schema} for kind, schema in self.refusals.items()}
            return register(self.doc(operationId=view.__name__, **more)(view))

        return decorate

    def arguments(self, schema: type[ma.Schema], *, location: str = "json", **more: Any) -> Callable[[View], View]:
        unknown = ma.EXCLUDE if location in ("query", "headers", "files") else None
        decorate = super().arguments(schema, location=location, unknown=unknown, **more)
        names = {f.data_key or name for name, f in schema().fields.items()} if location == "query" else set()

        def named(view: View) -> View:
            wrapped = decorate(view)
            wrapped.query_names = frozenset(names) | getattr(view, "query_names", frozenset())  # type: ignore[attr-defined]
            return wrapped

        return named

    def paged(self, view_schema: type[ma.Schema]) -> Callable[[View], View]:
        """Instead of `response`: the view answers `page(...)` of such views, or a whole page that has its own `next`; `limit` and `cursor` are its query arguments."""
        respond = self.response(200, view_schema if "next" in view_schema().fields else _page_schema(view_schema))

        def decorate(view: View) -> View:
            wrapped = respond(view)
            wrapped.paged = True  # type: ignore[attr-defined]
            wrapped.query_names = getattr(view, "query_names", frozenset()) | {"limit", "cursor"}  # type: ignore[attr-defined]
            return wrapped

        return decorate
