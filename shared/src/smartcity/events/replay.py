"""`smartcity replay --to SERVICE --from DATE`: feed one queue from a log. A new room's history, or a wiped broker's."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from smartcity.events.envelope import CONTENT_TYPE, PREFIX
from smartcity.events.event_log import LoggedEvent

if TYPE_CHECKING:
    from smartcity.events.broker import Broker, Outgoing

BATCH = 500


def logged(session: Session, types: Collection[str], since: datetime) -> Iterator[LoggedEvent]:
    """Events told since, of these types, in the order of the log; erased bytes are left out."""
    query = sa.select(LoggedEvent).where(LoggedEvent.type.in_(types), LoggedEvent.time >= since, LoggedEvent.body.is_not(None))
    yield from session.scalars(query.order_by(LoggedEvent.position).execution_options(yield_per=BATCH))


def replay(session: Session, broker: "Broker", queue: str, types: Collection[str], since: datetime) -> int:
    """Send the log's events straight to `queue`, marked as replayed; inboxes drop what they have had. Answers how many."""
    publisher, sent, batch = broker.publisher(), 0, list["Outgoing"]()
    for event in logged(session, types, since):
        batch.append(outgoing(event, queue))
        if len(batch) == BATCH:
            sent += _all_confirmed(publisher.send(batch))
            batch.clear()
    sent += _all_confirmed(publisher.send(batch)) if batch else 0
    publisher.close()
    return sent


def _all_confirmed(outcomes: list) -> int:  # type: ignore[type-arg]
    from smartcity.events.broker import Outcome

    if any(outcome is not Outcome.CONFIRMED for outcome in outcomes):
        raise RuntimeError("the broker did not confirm every event; run the replay again")
    return len(outcomes)


def outgoing(event: LoggedEvent, queue: str) -> "Outgoing":
    """The log's bytes, addressed straight to one queue."""
    from smartcity.events.broker import Outgoing

    return Outgoing(
        exchange="", routing_key=queue, message_id=str(event.id), type=PREFIX + event.type, body=event.body or b"",
        headers={"content_type": CONTENT_TYPE, "smartcity-replay": "true"},
    )  # fmt: skip
