"""What PostgreSQL does for a query: its plan as it ran, and the blocks it read."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

Node = dict[str, Any]


def plan(session: Session, query: sa.Select[Any] | sa.TextClause) -> Node:
    """The plan of a query, which is run."""
    compiled = query.compile(dialect=session.get_bind().dialect, compile_kwargs={"literal_binds": True})
    found = session.connection().exec_driver_sql("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + str(compiled).replace("%", "%%"))
    return dict(found.scalar_one()[0]["Plan"])


def nodes(node: Node) -> Iterator[Node]:
    """A plan's node and all below it."""
    yield node
    for below in node.get("Plans", ()):
        yield from nodes(below)


def buffers(node: Node) -> int:
    """Blocks of tables and indexes that were read, from memory or not."""
    return int(node["Shared Hit Blocks"]) + int(node["Shared Read Blocks"])
