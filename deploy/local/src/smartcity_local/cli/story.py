"""`demo`, `seed`."""

from smartcity_local import demo as telling
from smartcity_local import seed as sowing
from smartcity_local.cli.app import app, console
from smartcity_local.place import here


@app.command()
def demo() -> None:
    """Play the story of a paid retribution against the running suite."""
    place = here()
    console.print(f"\n[bold]A paid retribution unlocks a permit[/] at {place.public_url}\n")

    def say(who: str, what: str) -> None:
        console.print(f"  [{'dim' if who in ('', 'event') else 'cyan'}]{who or '…':<18}[/] {what}", style="dim" if who == "event" else None)

    papers = telling.play(place, say)
    console.print(f"\n{len(papers)} papers in {papers[0].parent}")
    if not place.broker:
        console.print("[dim]With the embedded broker no agency listens from outside; on RabbitMQ examples/agency_subscriber.py does.[/]")


@app.command()
def seed() -> None:
    """Put the demonstration's data in, once; harmless again."""
    place = here()
    for line in sowing.sow(place):
        console.print(f"[green]✓[/] {line}")
