"""Telling a service's past to it again: each log it hears of is sent straight to its queue."""

from datetime import UTC, datetime

from smartcity.events.catalogue import all_contracts
from smartcity.events.replay import replay
from smartcity.events.topology import queue_of
from smartcity_local.inside import broker_of, session_of, with_database
from smartcity_local.place import Place
from smartcity_local.suite import Member


def heard_by(member: Member) -> dict[str, list[str]]:
    """The types that must reach `member`, by the service that tells them."""
    found: dict[str, list[str]] = {}
    for name, contract in all_contracts().items():
        if member.name in contract.heard_by:
            found.setdefault(contract.service, []).append(name)
    return found


def replay_to(place: Place, member: Member, since: datetime) -> dict[str, int]:
    """Send everything `member` hears since then; answers how many from each service."""
    broker, counts, tellers = broker_of(place), dict[str, int](), heard_by(member)
    for teller in with_database(place):
        if teller.name in tellers:
            with session_of(place, teller) as session:
                counts[teller.name] = replay(session, broker, queue_of(member.name), tellers[teller.name], since)
    return counts


def retell_everything(place: Place) -> int:
    """Every log to everyone who hears it, from the first day; answers how many events."""
    beginning = datetime.fromtimestamp(0, UTC)
    return sum(sum(replay_to(place, one, beginning).values()) for one in with_database(place) if heard_by(one))
