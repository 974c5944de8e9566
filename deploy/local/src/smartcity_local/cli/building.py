"""`new-service`."""

from typing import Annotated

import typer

from smartcity_local import new_service as plan
from smartcity_local.cli.app import app, console
from smartcity_local.place import here


@app.command()
def new_service(
    name: Annotated[str, typer.Argument(help="Distribution, queue and Kubernetes name: small letters and hyphens.")],
    title: Annotated[str, typer.Option(help="What the office is called, in Indonesian.")] = "",
) -> None:
    """Make the rooms of a new service."""
    place = here()
    for file in plan.make_service(place.root, name, title or name.replace("-", " ").title()):
        console.print(f"  {file.relative_to(place.root)}")
    console.print("\n`make check` and `make run` know it from now on; its first resource goes into api/, its rights into policy.py.")
