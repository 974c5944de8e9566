"""A parent that has imported the libraries, and forks the suite's processes: `python -m smartcity_local.warm_parent web|work FD`.

Nothing is opened here: no engine, no thread, no connection, no random generator. A child imports its service itself.
Requests and answers are JSON lines over a socket: `{"fork": ID, "environ": …}` → `{"forked": ID, "pid": …}` → `{"ended": PID, "code": …}`.
"""

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

from smartcity_local.death import call_oneself, die_with_parent

WARM = {
    "web": ("smartcity.web", "smartcity.http.openapi", "gunicorn.workers.gthread"),
    "work": ("smartcity.work", "smartcity.storage.migrate"),
}
BROKERS = {"embedded": "smartcity.events.broker.embedded.bus", "amqp": "smartcity.events.broker.rabbitmq"}
BOTH = (
    "smartcity.service", "smartcity.documents.render", "smartcity.files", "smartcity.calendar", "smartcity.money", "smartcity.offices",
    "smartcity.regions", "smartcity.identity_number", "smartcity_contracts", "sqlalchemy.dialects.postgresql.psycopg", "psycopg", "flask_smorest",
    "jsonschema_rs", "holidays", "segno", "importlib.resources.readers", "encodings.idna",
)  # fmt: skip


class WarmParent:
    """Reads requests, forks, tells who ended. Ends when the launcher does, and its children with it."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.pid = os.getpid()
        self.wake, waker = os.pipe()
        for end in (self.wake, waker):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)

    def serve(self) -> None:
        waiting = b""
        while True:
            ready, _, _ = select.select([self.line.fileno(), self.wake], [], [])
            if self.wake in ready:
                os.read(self.wake, 512)
                self._bury()
            if self.line.fileno() in ready:
                waiting += (came := self.line.recv(65536))
                if not came:
                    return
                *whole, waiting = waiting.split(b"\n")
                for request in whole:
                    self._fork(json.loads(request))

    def _fork(self, request: dict[str, Any]) -> None:
        pid = os.fork()
        if pid == 0:
            self._live(request)
        self._say(forked=request["fork"], pid=pid)

    def _live(self, request: dict[str, Any]) -> None:
        """The child, from here to its end."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setpgid(0, 0)
            die_with_parent(signal.SIGTERM, self.pid)
            self.line.close()
            os.close(self.wake)
            _become(request)
            code = run(request["package"], request["command"])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _bury(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._say(ended=pid, code=os.waitstatus_to_exitcode(status))

    def _say(self, **words: Any) -> None:
        self.line.sendall(json.dumps(words).encode() + b"\n")


def _become(request: dict[str, Any]) -> None:
    """Take on the child's own name, log and environment."""
    log = os.open(request["log"], os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.clear()
    os.environ.update(request["environ"])
    sys.argv = [request["package"], request["command"]]
    call_oneself(request["name"])


def run(package: str, command: str) -> int:
    """What `python -m <package> <command>` does. `prepare` is migrate and, where the service has it, the demo's seed."""
    from smartcity.service import main

    service = importlib.import_module(f"{package}.service").SERVICE
    if command != "prepare":
        return main(service, [command])
    return main(service, ["migrate"]) or (main(service, ["seed-demo"]) if "seed-demo" in service.commands else 0)


def warm_up(kind: str, broker: str) -> None:
    """Import what every child of this kind needs, and keep the collector from touching it: pages stay shared."""
    for name in (*BOTH, *WARM[kind], *([BROKERS[broker]] if kind == "work" else [])):
        importlib.import_module(name)
    importlib.import_module("smartcity.events.catalogue").all_contracts()
    importlib.import_module("sqlalchemy.orm").configure_mappers()
    gc.collect()
    gc.freeze()


def main() -> None:
    kind, descriptor, broker = sys.argv[1:4]
    die_with_parent(signal.SIGTERM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    call_oneself(f"warm {kind}")
    line = socket.socket(fileno=int(descriptor))
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != Path.cwd()]
    warm_up(kind, broker)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    WarmParent(line).serve()


if __name__ == "__main__":
    main()
