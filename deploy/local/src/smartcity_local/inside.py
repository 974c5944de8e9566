"""Reaching a service's own database and the broker from the command line, as its operator would."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from smartcity.events.broker import Broker, open_broker
from smartcity.storage.transaction import Database
from smartcity_local.databases import url_for
from smartcity_local.place import Place
from smartcity_local.secret_store import SecretStore
from smartcity_local.suite import Member, members


def server_url(place: Place) -> str:
    """The database server of this clone, with its administrator."""
    if place.database_server:
        return place.database_server
    password = SecretStore(place.run / "secrets").password("postgres")
    return f"postgresql://postgres:{password}@127.0.0.1:{place.postgres_port}"


def database_url(place: Place, member: Member) -> str:
    """The address `member` itself uses."""
    return url_for(server_url(place), member, SecretStore(place.run / "secrets"))


def with_database(place: Place) -> list[Member]:
    """Every service that has a database."""
    return [member for member in members(place) if not member.is_gateway]


@contextmanager
def session_of(place: Place, member: Member) -> Iterator[Session]:
    """One transaction in the service's database, committed at the end."""
    database = Database(database_url(place, member))
    try:
        with database.transaction() as session:
            yield session
    finally:
        database.close()


def broker_of(place: Place) -> Broker:
    """The broker of this clone."""
    return open_broker(place.broker_url)
