"""A system outside the city, played by a test: an address, and a function that answers what is asked there."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LONGEST = 30.0


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


Answer = Callable[[Asked], tuple[int, bytes] | None]
"""Status and body; `None`: nothing comes until the test is over. A redirect leads elsewhere at the same address."""


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """The address (without a path) at which `answer` is asked."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            said = answer(Asked(self.command, self.path, self.headers, body))  # type: ignore[arg-type]
            if said is None:
                over.wait(LONGEST)
                return
            status, told = said
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(told)

        do_POST = do_PUT = do_GET

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            over.set()
            server.shutdown()
