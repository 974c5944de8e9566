"""Which processes one clone runs, and how each is begun."""

import signal
import sys
from collections.abc import Mapping

from smartcity_local import probes
from smartcity_local.databases import admin_url, answers
from smartcity_local.environment import KEPT, Environments
from smartcity_local.place import Place
from smartcity_local.postgres import STOP_SIGNAL, PostgresServer
from smartcity_local.program import Program, Start
from smartcity_local.spawning import Child, Order, Warm, spawn
from smartcity_local.suite import Member

POSTGRES = "postgres"


def postgres_program(place: Place, server: PostgresServer) -> Program:
    """The database server, ready when it lets the superuser in."""

    async def begin(extra: Mapping[str, str]) -> Child:
        environ = {**{name: value for name, value in extra.items() if name in KEPT}, "PATH": "/usr/bin:/bin", "LC_ALL": "C"}
        return await spawn(server.command(), environ, place.logs / "postgres.log", STOP_SIGNAL)

    async def ready() -> bool:
        return await answers(admin_url(server.url))

    return Program(POSTGRES, POSTGRES, "server", server.port, begin, ready, stop_signal=STOP_SIGNAL)


def service_programs(place: Place, members: list[Member], environments: Environments, warm: Mapping[str, Warm]) -> list[Program]:
    """`web` and `work` of every service; of the gateway only `web`."""
    programs = []
    for member in members:
        kinds = ("web",) if member.is_gateway else ("web", "work")
        for kind in kinds:
            begin = _by_exec(place, member, environments) if member.is_gateway else _by_fork(place, member, kind, environments, warm[kind])
            programs.append(_program(member, kind, begin))
    return programs


def order(place: Place, member: Member, command: str, environ: Mapping[str, str]) -> Order:
    """What a warm parent is asked for."""
    name = f"{member.name}-{command}"
    return Order(name, member.package, command, environ, place.logs / f"{name}.log")


def _program(member: Member, kind: str, begin: Start) -> Program:
    port = member.port if kind == "web" else member.metrics_port
    ready = probes.http(port, "/readyz" if kind == "web" else "/metrics")
    return Program(f"{member.name}-{kind}", member.name, kind, port, begin, ready, stop_signal=signal.SIGTERM)


def _by_fork(place: Place, member: Member, kind: str, environments: Environments, parent: Warm) -> Start:
    async def begin(extra: Mapping[str, str]) -> Child:
        return await parent.fork(order(place, member, kind, {**environments.of(member, kind), **extra}))

    return begin


def _by_exec(place: Place, member: Member, environments: Environments) -> Start:
    async def begin(extra: Mapping[str, str]) -> Child:
        command = [sys.executable, "-m", member.package, "web"]
        return await spawn(command, {**environments.of(member, "web"), **extra}, place.logs / f"{member.name}-web.log")

    return begin
