"""The one transaction: rows and the facts they noted are committed together, or neither."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from smartcity import clock, context
from smartcity.events.envelope import Event, seal
from smartcity.events.event_log import LoggedEvent
from smartcity.storage.entity import Aggregate

Tells = Mapping[type, Callable[[Any], Event]]


class Session(orm.Session):
    """A session that turns noted facts into event-log rows in its own flush."""


@sa.event.listens_for(Session, "before_flush")
def _write_facts(session: orm.Session, *_: Any) -> None:
    for entity in [*session.new, *session.dirty, *session.deleted]:
        for sequence, fact in entity.__dict__.pop("_noted", ()):
            session.add(_logged(session.info["tells"], entity, sequence, fact))
            session.info["told"] = True


def _logged(tells: Tells, entity: Aggregate, sequence: int, fact: Any) -> LoggedEvent:
    try:
        tell = tells[type(fact)]
    except KeyError:
        raise LookupError(f"TELLS has no entry for the fact {type(fact).__name__}") from None
    event = tell(fact)
    if str(event.subject) != str(entity.id):
        raise ValueError(f"{event.type} must have the id of the entity that noted it as its subject")
    time = clock.now()
    sealed = seal(event, sequence, context.current(), time)
    return LoggedEvent(
        id=sealed.id, subject=str(entity.id), sequence=sequence, type=sealed.type, audience=sealed.audience, time=time,
        body=sealed.body, sha256=hashlib.sha256(sealed.body).digest(),
    )  # fmt: skip


@sa.event.listens_for(Session, "after_soft_rollback")
def _forget_facts(session: orm.Session, previous: Any) -> None:
    for entity in list(session.identity_map.values()):
        entity.__dict__.pop("_noted", None)


@sa.event.listens_for(Session, "do_orm_execute")
def _refuse_bulk(state: orm.ORMExecuteState) -> None:
    if state.is_select or state.bind_mapper is None:
        return
    if issubclass(state.bind_mapper.class_, Aggregate):
        raise RuntimeError(f"a bulk statement on {state.bind_mapper.class_.__name__} would tell nobody")


class Database:
    """A service's own database: its pool, and sessions that know what the service tells. Opens nothing until used."""

    def __init__(self, url: str, tells: Tells | None = None, pool_size: int = 2) -> None:
        self.url = url
        self.tells: Tells = tells or {}
        self.engine = sa.create_engine(
            url,
            pool_size=pool_size,
            max_overflow=6,
            pool_pre_ping=False,
            pool_timeout=5,
            connect_args={"connect_timeout": 3, "options": "-c lock_timeout=10s -c statement_timeout=30s -c timezone=UTC"},
        )

    def session(self) -> Session:
        """A session without a connection until first used; leaving it without `commit` rolls back."""
        return Session(self.engine, expire_on_commit=False, info={"tells": self.tells})

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end of the block."""
        with self.session() as session:
            yield session
            session.commit()

    def close(self) -> None:
        self.engine.dispose()


def is_away(error: BaseException) -> bool:
    """Is this the database being out of reach, rather than an answer of it?"""
    if isinstance(error, sa.exc.TimeoutError):
        return True
    if not isinstance(error, sa.exc.DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    if error.connection_invalidated or (isinstance(error, sa.exc.OperationalError) and state is None):
        return True
    return isinstance(state, str) and state[:3] in ("57P", "080", "533")
