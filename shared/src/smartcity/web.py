"""The `web` process: gunicorn's gthread worker around one app, in the process itself; scaled by processes.

Without gunicorn's arbiter: who started the process (launcher, kubelet) starts it again, and a second process that only
watches the first would cost each service twenty megabytes. The gateway alone keeps one.
"""

import gc
import os
import sys
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.sock import create_sockets
from gunicorn.workers.gthread import ThreadWorker

from smartcity import tracing


class Worker(ThreadWorker):
    """Serves without an arbiter above it: the process that started this one may go."""

    def is_parent_alive(self) -> bool:
        return True


class Server(BaseApplication):
    """gunicorn without its command line. The control socket is off: all masters of one user would share its path."""

    def __init__(self, app: Any, port: int, address: str = "127.0.0.1", **more: Any) -> None:
        self._app, self._options = app, {
            "bind": f"{address}:{port}",
            "worker_class": Worker,
            "workers": 1,
            "threads": 8,
            "keepalive": 30,
            "graceful_timeout": 15,
            "control_socket_disable": True,
            "accesslog": None,
            "loglevel": "warning",
            **more,
        }  # fmt: skip
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self._app

    def run(self) -> None:
        """Serve under an arbiter. What is loaded by now is frozen: a collection in either process would copy the pages of both."""
        gc.collect()
        gc.freeze()
        super().run()

    def serve(self) -> None:
        """Serve in this process until SIGTERM, and end it after the answers in hand, or after the grace."""
        log = self.cfg.logger_class(self.cfg)
        worker = self.cfg.worker_class(1, os.getppid(), create_sockets(self.cfg, log), self, self.cfg.timeout, self.cfg, log)
        code: Any = 0
        try:
            worker.init_process()
        except SystemExit as end:
            code = end.code
        tracing.close()
        sys.stdout.flush()
        os._exit(code)  # a request that outlives the grace would be waited for
