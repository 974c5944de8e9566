"""One trace from the gateway over the event log to the last effect, told to a collector. Off unless `OTEL_EXPORTER_OTLP_ENDPOINT` is set.

The ids are those of the work's context, which are made anyway and travel in headers and events (W3C Trace Context); here they are only
told, as OTLP over HTTP. While it is off, nothing of OpenTelemetry is loaded. Settings are those of its specification:
`OTEL_EXPORTER_OTLP_ENDPOINT`, what else its exporter reads (`OTEL_EXPORTER_OTLP_HEADERS`, …), and `OTEL_TRACES_SAMPLER_ARG`, the share of
traces that is told, 0 to 1: chosen by the trace's id, so that every process chooses alike.
"""

import os
import time
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any

from prometheus_client import Counter, Histogram

from smartcity.context import Context
from smartcity.observability import DURATION, REQUESTS
from smartcity.settings import SettingsError

SEND_EVERY = 1000
"""Milliseconds a span waits for others to be sent with it."""


class Kind(Enum):
    """What a span stands for; the names are OpenTelemetry's."""

    SERVER = "SERVER"
    CONSUMER = "CONSUMER"
    INTERNAL = "INTERNAL"


class _Teller:
    """Spans of one service. What sends them is made with the first span, in the process that has it: no thread survives a fork."""

    def __init__(self, service: str, share: float) -> None:
        self._service, self._share, self._process = service, share, 0
        self._sender: Any = None
        self._scope: Any = None
        self._resource: Any = None

    def tells(self, trace: str) -> bool:
        """The last 7 bytes of a trace's id are random (Trace Context level 2)."""
        return int(trace[-14:], 16) < self._share * 2**56

    def tell(self, name: str, kind: Kind, work: Context, took: float, attributes: Mapping[str, Any], failed: bool) -> None:
        from opentelemetry.sdk.trace import ReadableSpan
        from opentelemetry.trace import SpanKind, Status, StatusCode

        if self._process != os.getpid():
            self._begin()
        end = time.time_ns()
        self._sender.on_end(
            ReadableSpan(
                name, context=_ids(work.traceparent), parent=_ids(work.parent) if work.parent else None, resource=self._resource,
                attributes=attributes, kind=SpanKind[kind.value], status=Status(StatusCode.ERROR if failed else StatusCode.UNSET),
                start_time=end - int(took * 1e9), end_time=end, instrumentation_scope=self._scope,
            )
        )  # fmt: skip

    def _begin(self) -> None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.util.instrumentation import InstrumentationScope

        self._resource = Resource({"service.name": self._service, "service.namespace": "medan-smart-city"})
        self._scope = InstrumentationScope("smartcity")
        self._sender = BatchSpanProcessor(OTLPSpanExporter(), schedule_delay_millis=SEND_EVERY)
        self._process = os.getpid()

    def close(self) -> None:
        if self._process == os.getpid():
            self._sender.shutdown()


def _ids(traceparent: str) -> Any:
    from opentelemetry.trace import SpanContext, TraceFlags

    _, trace, span, flags = traceparent.split("-")
    return SpanContext(int(trace, 16), int(span, 16), is_remote=False, trace_flags=TraceFlags(int(flags, 16)))


_teller: _Teller | None = None


def configure(service: str, environ: Mapping[str, str] | None = None) -> None:
    """Tell spans of `service` from here on, or not; raises `SettingsError` for a share that is none."""
    global _teller
    env = os.environ if environ is None else environ
    try:
        share = float(env.get("OTEL_TRACES_SAMPLER_ARG") or 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise SettingsError("OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1")
    _teller = _Teller(service, share) if env.get("OTEL_EXPORTER_OTLP_ENDPOINT") else None


def on() -> bool:
    """Whether any trace is told: for work that would cost something to describe."""
    return _teller is not None


def tell(name: str, kind: Kind, work: Context, took: float, failed: bool = False, **attributes: Any) -> None:
    """`work` has ended and took so many seconds. Attributes are codes, ids and templates, as in the log: never what somebody typed.

    A `__` in their names stands for OpenTelemetry's dot (`http__route`).
    """
    if _teller is not None and _teller.tells(work.trace_id):
        _teller.tell(name, kind, work, took, {key.replace("__", "."): value for key, value in attributes.items()}, failed)


def answered(work: Context, asked: tuple[str, str, int], took: float) -> None:
    """A request by (route's template, method, status) was answered in so many seconds: counted, measured and told."""
    route, method, status = asked
    seen = exemplar(work)
    requests, duration = _figures(*asked)
    requests.inc(exemplar=seen)
    duration.observe(took, exemplar=seen)
    tell(
        f"{method} {route}", Kind.SERVER, work, took, failed=status >= 500,
        http__request__method=method, http__route=route, http__response__status_code=status, request_id=work.request_id,
    )  # fmt: skip


@cache
def _figures(route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    """Looked up once: finding a figure by its labels costs more than counting in it."""
    return REQUESTS.labels(route, method, status), DURATION.labels(route, method)


def exemplar(work: Context) -> dict[str, str] | None:
    """What leads from a figure to the trace it was seen in; `None` where none is told."""
    return {"trace_id": work.trace_id} if _teller is not None and _teller.tells(work.trace_id) else None


def close() -> None:
    """Send what waits, at the end of a process."""
    if _teller is not None:
        _teller.close()
