"""How many public complaints lie in each hundredth of a degree, counted as they come: the whole city's map does not count all of them anew."""

import sqlalchemy as sa
from alembic import op

revision = "0021_map_counts"
down_revision = "0020_first_looks"
# of a square: its row and column, in thousandths of a degree, and those of the large square it lies in
ROW, COLUMN = "({0} / 1000000)", "mod({0}, 1000000)"
LARGE = f"{ROW} / 10, {COLUMN} / 10"
SHOWN = "{0}square IS NOT NULL AND {0}verified_at IS NOT NULL AND NOT {0}confidential"
COUNT = f"""
CREATE FUNCTION count_on_the_map() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND {SHOWN.format("OLD.")} THEN
        UPDATE map_count SET complaints = complaints - 1, rows_sum = rows_sum - {ROW.format("OLD.square")},
            columns_sum = columns_sum - {COLUMN.format("OLD.square")} WHERE (large_row, large_column) = ({LARGE.format("OLD.square")});
    END IF;
    IF {SHOWN.format("NEW.")} THEN
        INSERT INTO map_count AS m VALUES ({LARGE.format("NEW.square")}, 1, {ROW.format("NEW.square")}, {COLUMN.format("NEW.square")})
        ON CONFLICT (large_row, large_column) DO UPDATE SET complaints = m.complaints + 1, rows_sum = m.rows_sum + excluded.rows_sum,
            columns_sum = m.columns_sum + excluded.columns_sum;
    END IF;
    RETURN NULL;
END $$
"""  # noqa: S608 - constants of this house
FILL = f"""
INSERT INTO map_count SELECT {LARGE.format("square")}, count(*), sum({ROW.format("square")}), sum({COLUMN.format("square")}) FROM complaint
WHERE {SHOWN.format("")} GROUP BY 1, 2
"""  # noqa: S608 - constants of this house


def upgrade() -> None:
    op.create_table(
        "map_count",
        sa.Column("large_row", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("large_column", sa.BigInteger, primary_key=True, autoincrement=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("complaints", "rows_sum", "columns_sum")),
    )
    op.execute(COUNT)
    op.execute(
        "CREATE TRIGGER count_on_the_map AFTER INSERT OR UPDATE OF verified_at, confidential, latitude, longitude ON complaint "
        "FOR EACH ROW EXECUTE FUNCTION count_on_the_map()"
    )
    op.execute(FILL)
