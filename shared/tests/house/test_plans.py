"""A plan as it ran, and what was read for it."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from smartcity.testing.plans import buffers, nodes, plan


def test_a_plan_says_how_rows_were_found_and_how_many_blocks_were_read(session: Session) -> None:
    session.execute(sa.text("CREATE TABLE many AS SELECT i AS id, repeat('x', 500) AS words FROM generate_series(1, 5000) i"))
    session.execute(sa.text("CREATE INDEX ix_many_id ON many (id)"))
    session.execute(sa.text("ANALYZE many"))
    many = sa.table("many", sa.column("id", sa.Integer), sa.column("words", sa.String))
    whole = plan(session, sa.select(sa.func.count()).select_from(many).where(many.c.words.like("x%")))
    one = plan(session, sa.select(many).where(many.c.id == 7))
    assert {node["Node Type"] for node in nodes(whole)} == {"Aggregate", "Seq Scan"}
    assert [node["Index Name"] for node in nodes(one) if "Index Name" in node] == ["ix_many_id"]
    assert buffers(one) <= 4 and buffers(one) < buffers(whole) / 20
