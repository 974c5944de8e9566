"""`backup`, `restore`."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from smartcity_local import backup as keeping
from smartcity_local.cli.app import app, console
from smartcity_local.errors import CannotGoOn
from smartcity_local.inside import with_database
from smartcity_local.launcher import Launcher, alone
from smartcity_local.place import here


@app.command()
def backup(folder: Annotated[str, typer.Argument(help="A folder that is not there yet.")] = "") -> None:
    """Every database, the files and the secrets of the running suite."""
    place = here()
    target = Path(folder).absolute() if folder else place.run / "backups" / f"{datetime.now():%Y%m%d-%H%M%S}"
    if target.exists():
        raise CannotGoOn(f"{target} is already there.")
    for file in keeping.back_up(place, target):
        console.print(f"  {file.name}  [dim]{file.stat().st_size // 1024 + 1} kB[/]")
    console.print(f"Kept in {target}. It holds secrets: guard it like the data.")


@app.command()
def restore(folder: Annotated[Path, typer.Argument(help="What `backup` has written.")]) -> None:
    """Put a backup in the place of this clone's data. The suite must be stopped."""
    place = here()
    if place.database_server:
        raise CannotGoOn("On a server of your own, restore with that server's own means (pg_restore).")
    keeping.check(folder, with_database(place))
    with alone(place):
        keeping.take_secrets(place, folder)
        asyncio.run(Launcher(place).with_postgres_alone(lambda server: keeping.put_back(place, folder.absolute(), server)))
    console.print("Restored. At the next start the logs are told again, so that every office catches up.")
