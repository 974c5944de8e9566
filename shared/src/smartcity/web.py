"""The `web` process: gunicorn around one app, one gthread worker, scaled by processes."""

from typing import Any

from gunicorn.app.base import BaseApplication


class Server(BaseApplication):
    """gunicorn without its command line. The control socket is off: all masters of one user would share its path."""

    def __init__(self, app: Any, port: int, address: str = "127.0.0.1", **more: Any) -> None:
        self._app, self._options = app, {
            "bind": f"{address}:{port}",
            "worker_class": "gthread",
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
