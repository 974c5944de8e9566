"""`smartcity verify`: what must be true of the whole suite at rest, whatever happened to it before.

Numbers are those of the reliability catalogue: I3 money, I4 delivery, I5 order, I7 nothing parked, I8 bytes and signatures, I9 no NIK.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module

import sqlalchemy as sa
from sqlalchemy.orm import Session

from smartcity.documents.statement import NotGenuine, read
from smartcity.events.broker import BrokerAway
from smartcity.events.catalogue import all_contracts
from smartcity.events.topology import queue_of
from smartcity.identity_number import parse_nik
from smartcity_local.document_keys import public_keys
from smartcity_local.inside import broker_of, session_of, with_database
from smartcity_local.place import Place
from smartcity_local.suite import Member

NIK = re.compile(rb"(?<![0-9])(?<![0-9]\.)[0-9]{16}(?![0-9]|\.[0-9])")
UNSENT_FOR = 60


@dataclass(frozen=True)
class Finding:
    """One invariant: its name, how much was looked at, and what is wrong."""

    name: str
    seen: int
    wrong: list[str]


def verify(place: Place) -> Iterator[Finding]:
    """Look at everything; each finding as it is made."""
    rooms = with_database(place)
    for name, look in (
        ("I4 everything told was sent", _sent),
        ("I5 every subject's events are numbered without a gap", _order),
        ("I7 nothing waits, nothing is parked", _parked),
        ("I8 what was told is what was stored", _bytes),
        ("I8 every document's statement is signed by its office", partial(_documents, public_keys(place, rooms))),
        ("I9 no NIK in what was told", _no_nik_told),
    ):
        yield _everywhere(place, rooms, name, look)
    yield from _own(place, rooms)
    yield _delivered(place, rooms)
    yield _queues(place, rooms)
    yield _logs(place)


Look = Callable[[Session], tuple[int, list[str]]]


def _everywhere(place: Place, rooms: list[Member], name: str, look: Look) -> Finding:
    seen, wrong = 0, []
    for room in rooms:
        with session_of(place, room) as session:
            count, lines = look(session)
        seen += count
        wrong += [f"{room.name}: {line}" for line in lines]
    return Finding(name, seen, wrong)


def _own(place: Place, rooms: list[Member]) -> Iterator[Finding]:
    """What each service itself says must be true of its rows."""
    for room in rooms:
        for name, look in import_module(f"{room.package}.service").SERVICE.invariants.items():
            yield _everywhere(place, [room], name, look)


def _rows(session: Session, query: str, **values: object) -> list[sa.Row]:
    return list(session.execute(sa.text(query), values))


def _count(session: Session, table: str) -> int:
    return int(session.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())


def _sent(session: Session) -> tuple[int, list[str]]:
    query = "SELECT id, type FROM event_unsent JOIN event_log USING (position) WHERE time < clock_timestamp() - make_interval(secs => :age)"
    return _count(session, "event_log"), [f"{row.type} {row.id} is not sent" for row in _rows(session, query, age=UNSENT_FOR)]


def _order(session: Session) -> tuple[int, list[str]]:
    query = "SELECT subject, count(*) AS n, max(sequence) AS last FROM event_log GROUP BY subject HAVING count(*) <> max(sequence)"
    return _count(session, "event_log"), [f"{row.subject} told {row.n} and counts {row.last}" for row in _rows(session, query)]


def _parked(session: Session) -> tuple[int, list[str]]:
    events = _rows(session, "SELECT id, type, status, reason FROM inbox WHERE status IN ('waiting', 'parked')")
    duties = _rows(session, "SELECT kind, subject, reason FROM due WHERE status = 'parked'")
    wrong = [f"{row.type} {row.id} is {row.status}: {row.reason}" for row in events]
    return _count(session, "inbox"), wrong + [f"{row.kind} of {row.subject} is parked: {row.reason}" for row in duties]


def _bytes(session: Session) -> tuple[int, list[str]]:
    rows = session.execute(sa.text("SELECT id, body, sha256 FROM event_log WHERE body IS NOT NULL").execution_options(yield_per=500))
    seen, wrong = 0, []
    for row in rows:
        seen += 1
        if hashlib.sha256(row.body).digest() != row.sha256:
            wrong.append(f"the bytes of {row.id} are not those that were stored")
    return seen, wrong


def _documents(keys: dict[str, bytes], session: Session) -> tuple[int, list[str]]:
    rows = _rows(session, "SELECT code, statement FROM document WHERE statement IS NOT NULL")
    known = {row.key_id: bytes(row.public) for row in _rows(session, "SELECT key_id, public FROM document_key")} | keys
    wrong = []
    for row in rows:
        try:
            read(row.statement, known)
        except NotGenuine as error:
            wrong.append(f"document {row.code}: {error.code}")
    return len(rows), wrong


def _no_nik_told(session: Session) -> tuple[int, list[str]]:
    rows = session.execute(sa.text("SELECT id, type, body FROM event_log WHERE body IS NOT NULL").execution_options(yield_per=500))
    seen, wrong = 0, []
    for row in rows:
        seen += 1
        wrong += [f"{row.type} {row.id} carries a NIK"] if holds_nik(row.body) else []
    return seen, wrong


def holds_nik(text: bytes) -> bool:
    """Are there sixteen digits that can be a NIK?"""
    return any(_is_nik(found.decode()) for found in NIK.findall(text))


def _is_nik(digits: str) -> bool:
    try:
        parse_nik(digits)
    except ValueError:
        return False
    return True


def _delivered(place: Place, rooms: list[Member]) -> Finding:
    """Each event that must be heard has its row in each hearer's inbox."""
    there, seen, wrong = {room.name: room for room in rooms}, 0, list[str]()
    for name, contract in all_contracts().items():
        for hearer in (there[one] for one in contract.heard_by if one in there and contract.service in there):
            with session_of(place, there[contract.service]) as session:
                told = {
                    str(row.id)
                    for row in _rows(
                        session,
                        "SELECT id FROM event_log WHERE type = :name AND position NOT IN (SELECT position FROM event_unsent)",
                        name=name,
                    )
                }
            with session_of(place, hearer) as session:
                had = {row.id for row in _rows(session, "SELECT id FROM inbox WHERE id = ANY(:ids)", ids=list(told))}
            seen += len(told)
            wrong += [f"{hearer.name} never had {name} {ident}" for ident in sorted(told - had)]
    return Finding("I4 everything told reached everyone who must hear it, once", seen, wrong)


def _queues(place: Place, rooms: list[Member]) -> Finding:
    broker, wrong = broker_of(place), []
    for room in rooms:
        for queue in (queue_of(room.name), f"{room.name}.parked"):
            try:
                if depth := broker.depth(queue):
                    wrong.append(f"{queue} holds {depth}")
            except BrokerAway:
                continue  # a service that hears nothing has no queue
    return Finding("I7 the broker holds nothing back", len(rooms), wrong)


def _logs(place: Place) -> Finding:
    files = sorted(place.logs.glob("*.log"))
    wrong = [f"{file.name}, line {number}" for file in files for number, line in enumerate(file.open("rb"), 1) if holds_nik(line)]
    return Finding("I9 no NIK in the logs", len(files), wrong)
