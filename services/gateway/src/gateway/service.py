"""The gateway's process: gunicorn with one gevent worker. It has no database and no `work`."""

import resource
import sys

from prometheus_client import start_http_server

from gateway import settings
from gateway.limits import Limits
from gateway.proxy import Gateway, Guards
from gateway.server import DoorWorker
from gateway.settings import GatewaySettings
from gateway.upstream import Upstream
from smartcity import tracing
from smartcity.http.auth import Keys, Verifier, fetch_jwks
from smartcity.http.revoked import revoked_at
from smartcity.observability import configure_logs
from smartcity.settings import SettingsError
from smartcity.web import Server

MOST_CONNECTIONS = 4000
"""Held at once; twice what may lie idle, so that those do not keep others waiting."""


def make(config: GatewaySettings) -> Gateway:
    """The door, ready to be served. Opens no connection."""
    upstreams = {name: Upstream(name, host, port) for name, (host, port) in config.upstreams.items()}
    verifier = Verifier(config.issuer_url, config.public_url, Keys(lambda: fetch_jwks(config.jwks_url)))
    guards = Guards(verifier, revoked_at(config.revoked_url), Limits(config.limits_url, config.per_minute), config.origins)
    return Gateway(upstreams, guards, config.public_url, config.terms)


def serving(config: GatewaySettings) -> type[DoorWorker]:
    """The worker that serves; it is the one that tells the metrics, as its master counts nothing."""

    class Worker(DoorWorker):
        def run(self) -> None:
            if config.metrics_port:
                start_http_server(config.metrics_port, addr="0.0.0.0" if config.bind_all else "127.0.0.1")
            super().run()

    return Worker


def _open_as_many_files_as_it_may() -> None:
    """A connection is a file, and what a shell usually allows (1024) is less than its callers are."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main() -> int:
    """`web`, the only process there is."""
    if sys.argv[1:] != ["web"]:
        print("usage: python -m gateway web", file=sys.stderr)
        return 2
    try:
        config = settings.load()
    except SettingsError as error:
        print(f"gateway: {error}", file=sys.stderr)
        return 2
    _open_as_many_files_as_it_may()
    configure_logs("gateway", config.log_level)
    tracing.configure("gateway")
    Server(
        make(config), config.port, address="0.0.0.0" if config.bind_all else "127.0.0.1", worker_class=serving(config),  # noqa: S104
        worker_connections=MOST_CONNECTIONS, keepalive=config.terms.head, limit_request_field_size=16384, forwarded_allow_ips="", graceful_timeout=5,
    ).run()  # fmt: skip
    return 0
