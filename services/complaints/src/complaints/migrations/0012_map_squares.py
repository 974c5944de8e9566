"""Every public complaint lies in a small square of the map; an index counts them without reading the rows."""

from alembic import op

revision = "0012_map_squares"
down_revision = "0010_search"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE complaint ADD COLUMN square bigint GENERATED ALWAYS AS "
        "(floor(latitude * 1000)::bigint * 1000000 + floor(longitude * 1000)::bigint) STORED"
    )
    op.execute("CREATE INDEX ix_complaint_square ON complaint (square) WHERE verified_at IS NOT NULL AND NOT confidential")
