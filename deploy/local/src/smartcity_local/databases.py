"""One role and one database a service, closed to every neighbour. The same on the embedded server and on yours."""

import asyncio
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from smartcity_local.errors import DISK_FULL, CannotGoOn
from smartcity_local.secret_store import SecretStore
from smartcity_local.suite import Member


def url_for(server: str, member: Member, secrets: SecretStore) -> str:
    """The address a service uses: its own role, its own database."""
    parts = urlsplit(server)
    where = (parts.hostname or "127.0.0.1") + (f":{parts.port}" if parts.port else "")
    login = f"{member.database}:{secrets.password(f'{member.name}.database')}"
    return urlunsplit(("postgresql", f"{login}@{where}", f"/{member.database}", parts.query, ""))


def admin_url(server: str) -> str:
    """The server's own database `postgres`, whatever path the address has."""
    return urlunsplit(urlsplit(server)._replace(path="/postgres"))


def make_databases(server: str, members: list[Member], secrets: SecretStore) -> None:
    """Make what is missing, set every password, and close every door that is not a service's own."""
    try:
        with psycopg.connect(admin_url(server), autocommit=True, connect_timeout=5) as db:
            for member in members:
                _make_role(db, member.database, secrets.password(f"{member.name}.database"))
                _make_database(db, member.database)
    except psycopg.errors.DiskFull as error:
        raise CannotGoOn(DISK_FULL) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise CannotGoOn("The account of DATABASE_SERVER may not make roles and databases: it needs CREATEROLE and CREATEDB.") from error
    except psycopg.OperationalError as error:
        raise CannotGoOn(
            f"PostgreSQL at {urlsplit(server).hostname}:{urlsplit(server).port or 5432} does not let us in: {error}"
        ) from error


def close_to_public(server: str) -> None:
    """Nobody but the superuser enters the embedded server's own database."""
    with psycopg.connect(admin_url(server), autocommit=True) as db:
        db.execute("REVOKE CONNECT, TEMPORARY ON DATABASE postgres FROM PUBLIC")


def _make_role(db: psycopg.Connection, name: str, password: str) -> None:
    role, secret = sql.Identifier(name), sql.Literal(password)
    exists = db.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
    verb = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}") if exists else sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
    db.execute(verb.format(role, secret))


def _make_database(db: psycopg.Connection, name: str) -> None:
    database = sql.Identifier(name)
    if not db.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
        if not db.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()[0]:  # type: ignore[index]
            db.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(database))
        db.execute(sql.SQL("CREATE DATABASE {0} OWNER {0} TEMPLATE template0 ENCODING 'UTF8'").format(database))
    db.execute(sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(database))


async def answers(url: str) -> bool:
    """Does the server let this account in? Asked in a thread: it may take seconds."""

    def ask() -> bool:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if "password authentication failed" in str(error):
                raise CannotGoOn("PostgreSQL refuses our password: the data and the secrets under .run/ are not of one start.") from error
            return False
        return True

    return await asyncio.to_thread(ask)
