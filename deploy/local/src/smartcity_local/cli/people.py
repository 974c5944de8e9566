"""`token`, `clock`."""

from datetime import timedelta
from typing import Annotated

import typer

from smartcity import clock as city_clock
from smartcity_local import sign_in
from smartcity_local.cli.app import app, console
from smartcity_local.moments import duration
from smartcity_local.place import here


@app.command()
def token(account: Annotated[str, typer.Argument(help="budi, petugas-dpmptsp, bendahara, bank …")]) -> None:
    """A bearer token of a demo account, by the real sign-in."""
    print(sign_in.token(here(), account))


@app.command(context_settings={"ignore_unknown_options": True})
def clock(change: Annotated[str, typer.Argument(help="+10d, -3h, show, reset")] = "show") -> None:
    """Show or move the suite's clock (deadlines; never tokens or signatures)."""
    place = here()
    place.make()
    city_clock.configure(place.clock_file)
    if change == "reset":
        city_clock.set_offset(place.clock_file, timedelta())
    elif change != "show":
        city_clock.set_offset(place.clock_file, city_clock.offset() + duration(change))
    moved = city_clock.offset()
    now = city_clock.now().astimezone(city_clock.JAKARTA)
    console.print(f"{now:%Y-%m-%d %H:%M} in Medan" + (f", moved by {moved}" if moved else ", the machine's own time"))
