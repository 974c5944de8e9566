"""Model and schema agree, and nothing of a person is forgotten."""

import re
from collections.abc import Callable
from importlib import import_module

from sqlalchemy.orm import Session

from smartcity.data_requests import DataRequest, Records
from smartcity.files import StoredFile
from smartcity.storage.entity import Base
from smartcity.storage.migrate import differences
from smartcity.testing.plans import statements

KERNEL_TABLES = (
    "access_log",
    "data_requests",
    "documents.store",
    "due",
    "duties",
    "events.event_log",
    "events.inbox",
    "files.entity",
    "http.idempotency",
    "outages",
)

SEEN_OTHERWISE = {DataRequest.__tablename__, StoredFile.__tablename__}
"""The requests themselves, and files, which what they belong to names."""


def assert_model_matches_schema(url: str) -> None:
    """Fails naming what a new migration would change. The kernel's own tables count, loaded by the service or not."""
    for module in KERNEL_TABLES:
        import_module(f"smartcity.{module}")
    found = differences(url)
    assert not found, f"a new migration would change: {found}"


def forgotten(session: Session, collect: Callable[[Session, str], Records]) -> set[str]:
    """Tables whose rows say whose they are (`owner_sub`) and of which a person's copy of their data has nothing."""
    with statements(session.get_bind()) as asked:
        collect(session, "00000000-0000-0000-0000-000000000000")
    owned = {table.name for table in Base.metadata.tables.values() if "owner_sub" in table.columns} - SEEN_OTHERWISE
    read = {word for statement in asked for word in re.findall(r"\bFROM (\w+)", statement)}
    return owned - read
