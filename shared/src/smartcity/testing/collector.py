"""A collector of traces for tests: keeps what it is sent, as OTLP over HTTP."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Collector(ThreadingHTTPServer):
    """Listens while it is entered. `spans`: (service, span) as they came."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taker)
        self.spans = list[tuple[str, Any]]()

    @property
    def url(self) -> str:
        """What `OTEL_EXPORTER_OTLP_ENDPOINT` is to be."""
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> "Collector":
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Taker(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        sent = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["Content-Length"])))
        for told in sent.resource_spans:
            (service,) = (one.value.string_value for one in told.resource.attributes if one.key == "service.name")
            self.server.spans += [(service, span) for scope in told.scope_spans for span in scope.spans]  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Not on the screen."""


def attributes(span: Any) -> dict[str, Any]:
    """A span's attributes, texts and whole numbers."""
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}
