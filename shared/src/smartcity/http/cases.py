"""The entity a request is about: found, permitted, unchanged since it was read."""

from typing import Any, TypeVar

from flask import g, request
from werkzeug.exceptions import PreconditionFailed, PreconditionRequired

from smartcity.errors import NotFound, RuleBroken
from smartcity.http.policy import Grant
from smartcity.storage.entity import Aggregate, get

SAFE = ("GET", "HEAD", "OPTIONS")
Kind = TypeVar("Kind", bound=Aggregate)


def permitted(entity: Kind) -> Kind:
    """The entity, if the policy lets this actor at this very one; else `NotFound`. Remembers it for the answer's ETag.

    Raises `RuleBroken("own-case")` where it lets them only at other people's, and they have a part in this one.
    """
    fitting: list[Grant] = [grant for grant in g.grants if grant.permits(g.actor, entity)]
    if not fitting:
        raise NotFound()
    g.case, g.fitting = entity, [grant for grant in fitting if not grant.binds(g.actor, entity)]
    if not g.fitting:
        raise RuleBroken("own-case")
    return entity


def case(kind: type[Kind], ident: Any) -> Kind:
    """The entity `ident` of the request: locked when it will change, and then `If-Match` is asked of everybody but its owner.

    Raises `NotFound` (none, or not yours), 428 without and 412 with a stale `If-Match`.
    """
    changing = request.method not in SAFE
    entity = permitted(get(g.session, kind, ident, lock=changing))
    if changing and (request.headers.get("If-Match") or not any(grant.own or grant.role == "anyone" for grant in g.fitting)):
        check_match(entity)
    return entity


def check_match(entity: Aggregate) -> None:
    """428 without `If-Match`, 412 when the entity has changed since."""
    if not request.headers.get("If-Match"):
        raise PreconditionRequired()
    if not request.if_match.contains(str(entity.version)):
        raise PreconditionFailed()


def shown(entity: Kind) -> Kind:
    """A just made entity: its version becomes the answer's ETag."""
    g.case = entity
    return entity
