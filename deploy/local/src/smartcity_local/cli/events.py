"""`events tail`, `inbox …`, `replay`: what was told, what waits, and telling it again."""

import json
import time
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

import sqlalchemy as sa
import typer
from sqlalchemy.orm import Session

from smartcity import clock
from smartcity.errors import NotFound, RuleBroken
from smartcity.events import inbox as kernel_inbox
from smartcity.events.event_log import LoggedEvent, UnsentEvent
from smartcity.events.inbox import Standing
from smartcity_local.cli.app import Json, app, console, show_json, show_table
from smartcity_local.errors import CannotGoOn
from smartcity_local.inside import session_of, with_database
from smartcity_local.moments import moment
from smartcity_local.place import here
from smartcity_local.replaying import replay_to
from smartcity_local.suite import member

events = typer.Typer(help="What the services have told.", no_args_is_help=True)
inbox = typer.Typer(help="Events that wait, or that a person must look at.", no_args_is_help=True)
app.add_typer(events, name="events")
app.add_typer(inbox, name="inbox")
Only = Annotated[str, typer.Option("--service", "-s", help="One service; all when left out.")]
EventId = Annotated[str, typer.Argument(help="The event's id.")]
POLL = 0.3


@events.command()
def tail(
    follow: Annotated[bool, typer.Option("--follow/--no-follow", "-f")] = True,
    lines: Annotated[int, typer.Option("--lines", "-n")] = 10,
    service: Only = "",
) -> None:
    """The newest events of every log, and those that come."""
    place, seen = here(), dict[str, int]()
    try:
        while True:
            new = []
            for one in with_database(place):
                if service in ("", one.name):
                    with session_of(place, one) as session:
                        new += _newest(session, seen, one.name, lines)
            for row in sorted(new, key=lambda row: row["time"]):
                console.print(
                    f"[dim]{row['time']:%H:%M:%S}[/] [bold]{row['type']}[/] {row['subject']} [dim]{row['standing']}[/] {row['data']}"
                )
            if not follow:
                return
            time.sleep(POLL)
    except KeyboardInterrupt:
        return


def _newest(session: Session, seen: dict[str, int], name: str, lines: int) -> list[dict[str, Any]]:
    query = (
        sa.select(LoggedEvent, UnsentEvent.position)
        .outerjoin(UnsentEvent, UnsentEvent.position == LoggedEvent.position)
        .order_by(LoggedEvent.position.desc())
    )
    query = query.where(LoggedEvent.position > seen[name]) if name in seen else query.limit(lines)
    rows = session.execute(query).all()
    seen[name] = max([row.position for row, _ in rows], default=seen.get(name, 0))
    return [
        {
            "time": row.time, "type": row.type, "subject": row.subject, "data": json.dumps(json.loads(row.body)["data"]) if row.body else "(erased)",
            "standing": "unheard" if row.unheard else "sent" if unsent is None else "not sent yet",
        }
        for row, unsent in rows
    ]  # fmt: skip


@inbox.command()
def waiting(service: Only = "", as_json: Json = False) -> None:
    """Events that wait for their next try."""
    _list(Standing.WAITING, service, as_json)


@inbox.command()
def parked(service: Only = "", as_json: Json = False) -> None:
    """Events that were given up after their tries: a person decides."""
    _list(Standing.PARKED, service, as_json)


@inbox.command()
def show(event_id: EventId) -> None:
    """One event with its bytes."""

    def shown(session: Session, name: str) -> None:
        row = session.scalar(sa.select(kernel_inbox.InboxEvent).where(kernel_inbox.InboxEvent.id == event_id))
        if row is None:
            raise NotFound()
        columns = {column.key: getattr(row, column.key) for column in sa.inspect(row).mapper.column_attrs}
        show_json({"service": name, **columns, "body": json.loads(row.body) if row.body else None})

    _with_event(event_id, shown)


@inbox.command()
def retry(event_id: EventId) -> None:
    """Another round of tries, at once."""
    _with_event(event_id, lambda session, name: kernel_inbox.retry(session, event_id, clock.now()))
    console.print("It is tried again now.")


@inbox.command()
def drop(event_id: EventId, reason: Annotated[str, typer.Option(help="Why it may have no effect.")]) -> None:
    """Give an event up; the row and the reason stay."""
    _with_event(event_id, lambda session, name: kernel_inbox.drop(session, event_id, reason))
    console.print("Dropped.")


@app.command()
def replay(
    to: Annotated[str, typer.Option("--to", help="The service that hears them (again).")],
    since: Annotated[str, typer.Option("--from", help="2026-11-01 or an ISO time.")],
) -> None:
    """Feed one service's queue from the logs; what it has had, its inbox drops."""
    place = here()
    clock.configure(place.clock_file)
    told = replay_to(place, member(place, to), moment(since))
    console.print(f"{sum(told.values())} events for {to}: " + (", ".join(f"{count} from {name}" for name, count in told.items()) or "none"))


def _list(standing: Standing, service: str, as_json: bool) -> None:
    place = here()
    rows: list[dict[str, Any]] = []
    for one in with_database(place):
        if service in ("", one.name):
            with session_of(place, one) as session:
                rows += [{"service": one.name, **row} for row in kernel_inbox.listed(session, standing)]
    if as_json:
        show_json(rows)
        return
    columns = ("service", "id", "type", "subject", "attempts", "next_at", "reason")
    show_table(columns, [[_short(row[column]) for column in columns] for row in rows], f"{len(rows)} {standing}")


def _short(value: Any) -> Any:
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else value


def _with_event(event_id: str, act: Callable[[Session, str], None]) -> None:
    """Find the service whose inbox has the event, and act there."""
    place = here()
    clock.configure(place.clock_file)
    for one in with_database(place):
        try:
            with session_of(place, one) as session:
                act(session, one.name)
                return
        except NotFound:
            continue
        except RuleBroken as refused:
            raise CannotGoOn(f"That cannot be done with an event that is {refused.facts.get('status', 'not kept')}.") from refused
    raise CannotGoOn(f"No inbox has an event {event_id}.")
