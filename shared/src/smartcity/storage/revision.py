"""Which schema revision this code needs, and which the database has. No Alembic: `web` asks this for its readiness."""

from functools import cache
from importlib.resources import files

import sqlalchemy as sa
from sqlalchemy.orm import Session


@cache
def needed(package: str) -> str:
    """The newest migration's name: file names are numbered, so the last one is the newest."""
    names = [entry.name for entry in (files(package) / "migrations").iterdir() if entry.name[:4].isdigit() and entry.name.endswith(".py")]
    return max(names).removesuffix(".py")


def current(session: Session) -> str:
    """The revision of the database."""
    return session.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one()
