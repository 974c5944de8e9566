"""What PostgreSQL is asked, and what it does for a query: its plan as it ran, and the blocks it read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from smartcity.http.kernel_api import Cases

Node = dict[str, Any]


def plan(session: Session, query: sa.Select[Any] | sa.TextClause) -> Node:
    """The plan of a query, which is run."""
    compiled = query.compile(dialect=session.get_bind().dialect, compile_kwargs={"literal_binds": True})
    found = session.connection().exec_driver_sql("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + str(compiled).replace("%", "%%"))
    return dict(found.scalar_one()[0]["Plan"])


def first_and_far(
    session: Session, query: sa.Select[Any], keys: Sequence[Any], page: int, far: int, *, rising: bool = False
) -> tuple[Node, Node]:
    """The plans of page 1 and of page `far`, or of the last whole one where a list is shorter, of `page` rows; in the order of `keys`, all rising or all falling."""
    columns = [getattr(key, "element", key) for key in keys]
    ordered, row = query.order_by(*keys), sa.tuple_(*columns)
    count = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    assert count > 2 * page, count
    before = min((far - 1) * page, count - page - 1) - 1
    last = session.execute(query.with_only_columns(*columns).order_by(*keys).offset(before).limit(1)).one()
    beyond = sa.tuple_(*(sa.literal(value, column.type) for value, column in zip(last, columns, strict=True)))
    following = ordered.where(row > beyond if rising else row < beyond)
    return plan(session, ordered.limit(page + 1)), plan(session, following.limit(page + 1))


def must_read_cases_along(session: Session, kinds: Sequence[Cases], sub: str, indexes: Sequence[str]) -> None:
    """Asserts that pages 1 and 100 of each kind of somebody's cases (20 lines) come from its own index in their order, in few blocks a line."""
    for other in ("sort", "bitmapscan", "hashjoin"):  # of so few rows any way is cheap; what is left must have the order
        session.execute(sa.text(f"SET LOCAL enable_{other} = off"))
    for kind, index in zip(kinds, indexes, strict=True):
        for page in first_and_far(session, kind.of(sub), [kind.key.desc()], 20, 100):
            assert index in {node.get("Index Name") for node in nodes(page)}, index
            assert not [node for node in nodes(page) if "Sort" in node["Node Type"]], index
            assert buffers(page) <= 6 * 21, f"{index}: few blocks a line, on every page"


def nodes(node: Node) -> Iterator[Node]:
    """A plan's node and all below it."""
    yield node
    for below in node.get("Plans", ()):
        yield from nodes(below)


def buffers(node: Node) -> int:
    """Blocks of tables and indexes that were read, from memory or not."""
    return int(node["Shared Hit Blocks"]) + int(node["Shared Read Blocks"])


@contextmanager
def statements(engine: sa.Engine | sa.Connection) -> Iterator[list[str]]:
    """What is sent to PostgreSQL meanwhile, commits included, one entry for each: a way there and back."""
    sent: list[str] = []

    def hear(_: Any, __: Any, statement: str, *___: Any) -> None:
        sent.append(" ".join(statement.split()))

    def end(_: Any) -> None:
        sent.append("COMMIT")

    sa.event.listen(engine, "before_cursor_execute", hear)
    sa.event.listen(engine, "commit", end)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", hear)
        sa.event.remove(engine, "commit", end)
