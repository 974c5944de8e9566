"""JSON logs with an allow-list of keys, and the Prometheus metrics of every service."""

import json
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from prometheus_client import Counter, Gauge, Histogram

from smartcity import context

NIK_SHAPED = re.compile(r"\d{16}")
NIK_LONG = 16
ALLOWED = frozenset(
    """
    event level timestamp service request_id trace_id correlation_id route method status problem duration_ms error where kind subject type id
    sequence attempts reason queue outcome count position office operation code constraint version revision upstream port pid
    permit_id application_id bill_id payment_id receipt_no slip_id complaint_id registration_id certificate_no refund_id file_id
    bill_no permit_no limit seconds process exit_code day amount state database broker address_class client
    """.split()
)

log: structlog.stdlib.BoundLogger = structlog.get_logger()


def _error_name(value: Any) -> Any:
    """Of an exception only its class and the place it came from: messages may hold what somebody typed."""
    if not isinstance(value, BaseException):
        return value
    trace = value.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else ""
    return type(value).__name__ + place


def redact(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep allowed keys only, and nothing that looks like a NIK."""
    kept: dict[str, Any] = {}
    for key, value in line.items():
        if key in ALLOWED:
            value = _error_name(value)
            kept[key] = NIK_SHAPED.sub("[redacted]", value) if isinstance(value, str) and len(value) >= NIK_LONG else value
    return kept


_encoder = json.JSONEncoder(default=str)


def _as_json(_: Any, __: str, line: MutableMapping[str, Any]) -> str:
    return _encoder.encode(line)


def configure_logs(service: str, level: str) -> None:
    """One JSON line per thing done, on standard output, from this process on."""

    def with_work(_: Any, __: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        now = context.current()
        line["service"] = service
        line.setdefault("request_id", now.request_id)
        line.setdefault("trace_id", now.trace_id)
        line.setdefault("correlation_id", now.correlation_id)
        return line

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            with_work,
            redact,
            _as_json,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stdout),
        cache_logger_on_first_use=True,
    )
    vars(log).pop("bind", None)  # what was put together for the service before, where there was one
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)


REQUESTS = Counter("http_requests_total", "Requests answered", ["route", "method", "code"])
DURATION = Histogram(
    "http_request_duration_seconds", "Time to answer", ["route", "method"], buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
)
IN_FLIGHT = Gauge("http_requests_in_flight", "Requests being answered")
UNSENT = Gauge("event_log_unsent", "Events told and not yet confirmed by the broker")
OLDEST_UNSENT = Gauge("event_log_oldest_unsent_seconds", "Age of the oldest event not yet confirmed")
UNROUTABLE = Counter("event_log_unroutable_total", "Events that must be heard and came back unroutable", ["type"])
DELIVERY = Histogram(
    "event_delivery_seconds", "From the fact's commit to its effect", ["type"], buckets=(0.005, 0.01, 0.03, 0.1, 0.3, 1, 5, 30, 300, 3600)
)
EFFECTS = Counter("consumer_effects_total", "Events received, by what came of them", ["outcome"])
INBOX_WAITING = Gauge("inbox_waiting", "Events that wait for another try")
INBOX_PARKED = Gauge("inbox_parked", "Events that a person must look at")
DUE_OVERDUE = Gauge("due_overdue_seconds", "How late the oldest due work is")
