"""`up`, `down`, `status`, `logs`, `kill`, `stop-service`, `start-service`."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.status import Status

from smartcity_local import control
from smartcity_local import seed as sowing
from smartcity_local.cli.app import Json, app, console, show_json, show_table
from smartcity_local.cli.welcome import welcome
from smartcity_local.errors import CannotGoOn
from smartcity_local.launcher import Launcher, alone
from smartcity_local.place import Place, here
from smartcity_local.suite import member

Who = Annotated[str, typer.Argument(help="A service (licensing), one of its processes (licensing-work), or postgres.")]


@app.command()
def up(
    detach: Annotated[bool, typer.Option("--detach", "-d", help="Come back when everything is ready; `down` stops it.")] = False,
    seed: Annotated[bool, typer.Option(help="Put the demonstration's data in, once.")] = True,
    without: Annotated[list[str] | None, typer.Option(help="A service to prepare but not to start (`start-service` does, later).")] = None,
) -> None:
    """Start the whole suite, and keep it running until Ctrl-C."""
    place = here()
    held = [member(place, name).name for name in without or []]
    if detach:
        _in_the_background(place, seed, held)
        return
    with alone(place):
        began = time.monotonic()
        with Status("Starting …", console=console) as status:

            def tell(line: str) -> None:
                console.print(f"[green]✓[/] {line} [dim]({time.monotonic() - began:.1f} s)[/]")

            def when_ready() -> None:
                if seed:
                    _seed(place, tell)
                status.stop()
                welcome(place, time.monotonic() - began)

            asyncio.run(Launcher(place, tell, held).run(when_ready))
    console.print("Stopped. The data stays in .run/; `make clean` forgets it.")


@app.command()
def down() -> None:
    """Stop the suite; the data stays."""
    place = here()
    try:
        pid = control.ask(place.run, do="down")["pid"]
    except CannotGoOn:
        console.print("The suite of this clone is not running.")
        return
    end = time.monotonic() + 30
    while _lives(pid):
        if time.monotonic() > end:
            raise CannotGoOn(f"The launcher (process {pid}) has not ended within 30 s; `kill -9 {pid}` ends it and all of its processes.")
        time.sleep(0.05)
    console.print("Stopped.")


@app.command()
def status(as_json: Json = False) -> None:
    """What runs, where, and for how long."""
    answer = control.ask(here().run, do="status")
    if as_json:
        show_json(answer)
        return
    console.print(f"{answer['url']}  {answer['phase']} since {answer['seconds']} s, launcher is process {answer['pid']}")
    shown = [(p["name"], _coloured(p["state"]), p["port"], p["pid"], p["starts"], p["seconds"]) for p in answer["programs"]]
    show_table(("process", "state", "port", "pid", "starts", "seconds"), shown)


@app.command()
def logs(
    process: Annotated[str, typer.Argument(help="licensing-web, licensing-work, postgres …; all when left out.")] = "",
    follow: Annotated[bool, typer.Option("--follow", "-f")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n")] = 20,
) -> None:
    """The last lines of the processes' logs."""
    files = sorted(here().logs.glob(f"{process}*.log"))
    if not files:
        raise CannotGoOn(f"There is no log of {process or 'anything'} yet.")
    words = ["tail", f"--lines={lines}", *(["--follow=name", "--retry"] if follow else []), *map(str, files)]
    raise SystemExit(subprocess.call(words))


@app.command()
def kill(who: Who, signal: Annotated[str, typer.Option(help="SIGKILL, SIGTERM, SIGSTOP …")] = "SIGKILL") -> None:
    """Kill a service as a power cut would; the launcher starts it again."""
    _say("Killed", control.ask(here().run, do="kill", who=who, signal=signal))


@app.command()
def stop_service(who: Who) -> None:
    """Stop a service and keep it stopped."""
    _say("Stopped", control.ask(here().run, do="stop", who=who))


@app.command()
def start_service(
    who: Who,
    env: Annotated[list[str] | None, typer.Option(help="NAME=value for this one start, such as SMARTCITY_FAULT=….")] = None,
    restart: Annotated[bool, typer.Option(help="Stop it first.")] = False,
) -> None:
    """Start a stopped service."""
    environ = dict(pair.split("=", 1) for pair in env or [] if "=" in pair)
    _say("Started", control.ask(here().run, do="restart" if restart else "start", who=who, environ=environ))


def _say(verb: str, answer: dict[str, Any]) -> None:
    console.print(f"{verb}: {', '.join(answer['names']) or 'nothing was running'}")


def _coloured(state: str) -> str:
    return f"[{ {'ready': 'green', 'stopped': 'red'}.get(state, 'yellow') }]{state}[/]"


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _in_the_background(place: Place, seed: bool, held: list[str]) -> None:
    """Start another of ourselves, in a session of its own, and wait until it says that all is ready."""
    place.make()
    file = place.logs / "launcher.log"
    with file.open("w") as log:
        words = [sys.executable, "-c", "from smartcity_local.cli import main; main()", "up", "--seed" if seed else "--no-seed"]
        words += [f"--without={name}" for name in held]
        child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    while child.poll() is None:
        try:
            if control.ask(place.run, do="status")["phase"] == "ready":
                console.print(file.read_text(), markup=False)
                return
        except CannotGoOn:
            pass
        time.sleep(0.1)
    said = [line for line in file.read_text().splitlines() if line.startswith("smartcity: ")]
    raise CannotGoOn(said[-1].removeprefix("smartcity: ") if said else f"The suite did not start: see {file}.")


def _seed(place: Place, tell: Callable[[str], None]) -> None:
    """The demonstration's data, over HTTP, as its people would put it in; a piece that fails does not keep the suite from running."""
    if sowing.is_sown(place):
        return
    try:
        for line in sowing.sow(place):
            tell(line)
    except CannotGoOn as sentence:
        console.print(f"[yellow]![/] The demonstration's data is not complete: {sentence}")
