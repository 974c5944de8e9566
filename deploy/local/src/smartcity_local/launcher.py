"""Everything of one clone, in stages: PostgreSQL, then every schema and queue, then the services; and back in reverse."""

import asyncio
import fcntl
import os
import shutil
import signal
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from smartcity_local import control, databases, probes
from smartcity_local.environment import Environments
from smartcity_local.errors import DISK_FULL, CannotGoOn
from smartcity_local.place import Place, remember
from smartcity_local.postgres import PostgresServer
from smartcity_local.program import Program
from smartcity_local.programs import order, postgres_program, service_programs
from smartcity_local.secret_store import SecretStore
from smartcity_local.spawning import Warm
from smartcity_local.suite import Member, members

ROOM_NEEDED = 300 * 1024 * 1024
READY_WITHIN = 90.0
TRIES = 5
Tell = Callable[[str], None]


class Launcher:
    """Runs one clone until it is asked to stop. `tell` is given one line for each stage that is done.

    The services in `without` get their schema and queue but are not started: `start-service` does it later.
    """

    def __init__(self, place: Place, tell: Tell = lambda line: None, without: Collection[str] = ()) -> None:
        self.place, self.tell, self.without = place, tell, without
        self.members = members(place)
        self.with_database = [member for member in self.members if not member.is_gateway]
        self.began, self.phase = time.time(), "starting"
        self.halt = asyncio.Event()
        self.programs: list[Program] = []
        self.postgres: Program | None = None
        broker = place.broker_url.partition("://")[0].rstrip("s")
        self.warm = {kind: Warm(kind, broker, place.logs / f"warm-{kind}.log") for kind in ("web", "work")}

    async def run(self, when_ready: Callable[[], Any] = lambda: None) -> None:
        """Start everything, call `when_ready` in a thread, wait for a signal or `smartcity down`, stop everything."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(name, self.halt.set)
        door = await control.serve(self.place.run, self.answer)
        starting = asyncio.create_task(self._start(when_ready))
        halting = asyncio.create_task(self.halt.wait())
        try:
            await asyncio.wait([starting, halting], return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                await halting
        finally:
            self.phase = "stopping"
            halting.cancel()
            if starting.cancel():
                with suppress(asyncio.CancelledError, CannotGoOn, OSError):
                    await starting
            await self._stop()
            door.close()
            (self.place.run / control.NAME).unlink(missing_ok=True)

    async def _start(self, when_ready: Callable[[], Any]) -> None:
        warming = asyncio.gather(*(parent.warm_up() for parent in self.warm.values()))
        secrets = SecretStore(self.place.run / "secrets")
        server = self.place.database_server or await self._start_postgres(secrets)
        await asyncio.to_thread(databases.make_databases, server, self.with_database, secrets)
        environments = Environments(self.place, self.members, secrets, server)
        await warming
        await self._prepare(environments)
        self.programs = service_programs(self.place, self.members, environments, self.warm)
        wanted = [program for program in self.programs if program.service not in self.without]
        for program in wanted:
            program.start()
        await self._until_up(wanted)
        self.tell(f"{len({program.service for program in wanted})} services answer")
        if (mark := self.place.retell_mark).exists():
            from smartcity_local.replaying import retell_everything  # with it comes half the kernel, which a launcher carries for weeks

            told = await asyncio.to_thread(retell_everything, self.place)
            mark.unlink()
            self.tell(f"{told} events of the restored logs are told again; what was had before is dropped")
        await asyncio.to_thread(when_ready)
        self.phase = "ready"

    async def with_postgres_alone(self, act: Callable[[str], None]) -> None:
        """Start only the embedded server, let `act` work on its address, stop it."""
        try:
            server = await self._start_postgres(SecretStore(self.place.run / "secrets"))
            await asyncio.to_thread(act, server)
        finally:
            await self._stop()

    async def _start_postgres(self, secrets: SecretStore) -> str:
        server = PostgresServer(self.place, secrets.password("postgres"))
        await asyncio.to_thread(server.prepare)
        self.postgres = postgres_program(self.place, server)
        self.postgres.start()
        await self._until_up([self.postgres])
        await asyncio.to_thread(databases.close_to_public, server.url)
        self.tell("PostgreSQL answers")
        return server.url

    async def _prepare(self, environments: Environments) -> None:
        """Schema, queue and demo accounts of every service that has a database."""

        async def one(member: Member) -> int:
            child = await self.warm["work"].fork(order(self.place, member, "prepare", environments.of(member, "prepare")))
            return await child.wait()

        codes = await asyncio.gather(*(one(member) for member in self.with_database))
        for member, code in zip(self.with_database, codes, strict=True):
            if code != 0:
                raise CannotGoOn(f"{member.name} could not prepare its database: {self._log_of(f'{member.name}-prepare')}")
        self.tell(f"{len(self.with_database)} schemas and queues are in place")

    async def _until_up(self, programs: Sequence[Program]) -> None:
        end = time.monotonic() + READY_WITHIN
        while late := [program for program in programs if not program.up.is_set()]:
            for program in late:
                if program.trouble:
                    raise CannotGoOn(program.trouble)
                if program.starts > TRIES or time.monotonic() > end:
                    raise CannotGoOn(f"{program.name} does not start: {self._log_of(program.name)}")
            await asyncio.sleep(0.02)

    def _log_of(self, name: str) -> str:
        """Where to read more, and the last thing that was said there."""
        file = self.place.logs / f"{name}.log"
        lines = [line.strip() for line in file.read_text(errors="replace").splitlines() if line.strip()] if file.exists() else []
        if any("No space left on device" in line for line in lines[-20:]):
            return DISK_FULL
        return f"{lines[-1][:300] if lines else 'it said nothing'} (more in {file})"

    async def _stop(self) -> None:
        """The gateway first, then the services, then the database; nothing is left."""
        gateway = [program for program in self.programs if program.service == "gateway"]
        rest = [program for program in self.programs if program.service != "gateway"]
        last = [self.postgres] if self.postgres else []
        for stage in (gateway, rest, last):
            await asyncio.gather(*(program.stop() for program in stage))
        await asyncio.gather(*(parent.stop() for parent in self.warm.values()))

    async def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """What the control socket is asked."""
        asked = request.get("do")
        if asked == "down":
            self.halt.set()
            return {"pid": os.getpid()}
        if asked == "status":
            known = [program.describe() for program in (*([self.postgres] if self.postgres else []), *self.programs)]
            return {
                "phase": self.phase, "pid": os.getpid(), "url": self.place.public_url, "port": self.place.port,
                "seconds": round(time.time() - self.began, 1), "programs": known,
                "parents": [parent.pid for parent in self.warm.values() if parent.pid],
            }  # fmt: skip
        chosen = self._chosen(request.get("who", ""))
        if asked == "kill":
            hit = [program.name for program in chosen if program.kill(signal.Signals[request.get("signal", "SIGKILL")])]
            return {"names": hit}
        if asked in ("stop", "restart"):
            await asyncio.gather(*(program.stop() for program in chosen))
        if asked in ("start", "restart"):
            for program in chosen:
                program.start(request.get("environ"))
        return {"names": [program.name for program in chosen]}

    def _chosen(self, who: str) -> list[Program]:
        """`licensing` is both of its processes, `licensing-work` one; `postgres` the server."""
        all_of_them = [*([self.postgres] if self.postgres else []), *self.programs]
        chosen = [program for program in all_of_them if who in (program.name, program.service)]
        if not chosen:
            raise CannotGoOn(f"There is no {who!r} here; there are {', '.join(program.name for program in all_of_them)}.")
        return chosen


@contextmanager
def alone(place: Place) -> Iterator[None]:
    """Only one launcher a clone, on free ports, with room on the disk. Raises `CannotGoOn`."""
    place.make()
    with (place.run / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotGoOn("The suite of this clone is already running: `smartcity status` shows it, `make stop` ends it.") from error
        if shutil.disk_usage(place.run).free < ROOM_NEEDED:
            raise CannotGoOn(DISK_FULL)
        own = [] if place.database_server else [place.postgres_port]
        one_each = [(member.port, member.metrics_port) for member in members(place)]
        probes.check_free([*(port for port, _ in one_each), *own, *(port for _, port in one_each)], place.port)
        remember(place)
        yield
