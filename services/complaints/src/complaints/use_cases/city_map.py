"""What is on the map: public complaints one by one where they are few, counted by squares where they are many."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from complaints.model.complaint import Complaint
from complaints.model.complaint_queries import lines
from complaints.model.complaint_table import PUBLIC
from complaints.model.map_count import MapCount
from complaints.rules.map_grid import LARGE, PER_DEGREE, ROW, Box, Squares, squares

MOST_POINTS = 1000
FEW = 200
_CLUSTERS = f"""
SELECT sum(n)::bigint AS count, round(sum(n * (x + 0.5)) / sum(n) / {PER_DEGREE}, 6)::float8 AS longitude,
    round(sum(n * (y + 0.5)) / sum(n) / {PER_DEGREE}, 6)::float8 AS latitude
FROM (
    SELECT square / {ROW} AS y, mod(square, {ROW}) AS x, count(*) AS n FROM complaint
    WHERE {PUBLIC} AND square BETWEEN :low AND :high AND mod(square, {ROW}) BETWEEN :west AND :east GROUP BY square
) counted GROUP BY y / :step, x / :step ORDER BY y / :step, x / :step
"""  # noqa: S608 - constants of this house
_FROM_FAR = f"""
SELECT sum(complaints)::bigint AS count, round((sum(columns_sum) / sum(complaints) + 0.5) / {PER_DEGREE}, 6)::float8 AS longitude,
    round((sum(rows_sum) / sum(complaints) + 0.5) / {PER_DEGREE}, 6)::float8 AS latitude
FROM {MapCount.__tablename__}
WHERE complaints > 0 AND large_row BETWEEN :south AND :north AND large_column BETWEEN :west AND :east
GROUP BY large_row / :step, large_column / :step ORDER BY large_row / :step, large_column / :step
"""  # noqa: S608 - constants of this house


def on_the_map(session: Session, box: Box) -> list[Complaint]:
    """Public complaints inside west, south, east, north; at most a thousand."""
    # the planner takes every box for a small one and would gather all of a large one before it shows the first
    session.execute(sa.text("SET LOCAL enable_bitmapscan = off"))
    return list(session.scalars(map_query(box)))


def map_query(box: Box) -> sa.Select[Complaint]:
    """What `on_the_map` asks."""
    inside = sa.text("point(longitude, latitude) <@ box(point(:west, :south), point(:east, :north))")
    bound = inside.bindparams(**dict(zip(("west", "south", "east", "north"), box, strict=True)))
    return lines().where(sa.text(PUBLIC), bound).limit(MOST_POINTS)


def clusters(session: Session, box: Box, zoom: int) -> list[dict[str, Any]] | None:
    """How many public complaints lie together (`count`), and their middle; `None` where so few are in the box that each can be shown."""
    found = [dict(row) for row in session.execute(clusters_query(squares(box, zoom))).mappings()]
    return found if sum(row["count"] for row in found) > FEW else None


def clusters_query(asked: Squares) -> sa.TextClause:
    """What `clusters` asks: the squares' own index, or from far what is counted already, a cluster being made of large squares."""
    if asked.step >= LARGE:
        large = {"south": asked.low // ROW, "north": asked.high // ROW, "west": asked.west, "east": asked.east, "step": asked.step}
        return sa.text(_FROM_FAR).bindparams(**{name: squares // LARGE for name, squares in large.items()})
    return sa.text(_CLUSTERS).bindparams(**vars(asked))
