"""What travels with a piece of work: request id, trace, correlation and cause. One value per thread or request."""

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

import uuid_utils

_TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def new_id() -> str:
    """A new UUIDv7 as text, for what is only carried and written down."""
    return str(uuid_utils.uuid7())


def new_traceparent(parent: str | None = None) -> str:
    """A W3C traceparent: a child span of `parent`, or a new trace where the parent is missing or malformed."""
    made = secrets.token_hex(24)
    trace = parent.split("-")[1] if parent and _TRACEPARENT.fullmatch(parent) else made[:32]
    return f"00-{trace}-{made[32:]}-01"


def child_of(parent: str | None, **ids: str) -> "Context":
    """A piece of work with the trace of who asked for it; `parent` is their traceparent, as it came."""
    known = parent if parent and _TRACEPARENT.fullmatch(parent) else ""
    return Context(traceparent=new_traceparent(known), parent=known, **ids)


@dataclass(frozen=True)
class Context:
    """The ids of the work in hand."""

    request_id: str = ""
    traceparent: str = field(default_factory=new_traceparent)
    correlation_id: str = field(default_factory=new_id)
    causation_id: str = ""
    parent: str = ""
    """The traceparent of who asked for the work."""

    @property
    def trace_id(self) -> str:
        return self.traceparent.split("-")[1]


_current: ContextVar[Context | None] = ContextVar("smartcity_context", default=None)


def current() -> Context:
    """The context of the work in hand; a new one where none was begun."""
    context = _current.get()
    if context is None:
        context = Context()
        _current.set(context)
    return context


def begin(context: Context) -> None:
    """Make `context` the current one of this thread."""
    _current.set(context)


def caused_by(event_id: str) -> Context:
    """The current context with another cause: what an event's handler tells was caused by that event."""
    return replace(current(), causation_id=event_id)
