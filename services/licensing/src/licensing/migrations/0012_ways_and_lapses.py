"""An application lapses when its applicant does nothing; and it goes no way but those between its states.

The guard looks after the row's own checks, so that a plainer fault is named first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012_ways_and_lapses"
down_revision = "0011_visits"

WAYS = {
    "draft": ("submitted", "withdrawn"),
    "submitted": ("complete", "rejected", "returned", "withdrawn"),
    "complete": ("in_examination", "rejected", "returned", "withdrawn"),
    "returned": ("lapsed", "submitted", "withdrawn"),
    "in_examination": ("approved", "rejected", "returned", "withdrawn"),
    "approved": ("awaiting_payment", "issued", "rejected", "withdrawn"),
    "awaiting_payment": ("issued", "lapsed", "paid", "withdrawn"),
    "paid": ("issued",),
}
REFUSE_WAY = """
CREATE FUNCTION refuse_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'no way from % to %', OLD.status, NEW.status USING ERRCODE = 'check_violation', CONSTRAINT = 'one_of_the_ways';
END $$
"""


def upgrade() -> None:
    op.add_column("permit_application", sa.Column("lapses_on", sa.Date))
    op.add_column("permit_application", sa.Column("reminded", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_check_constraint("lapsing", "permit_application", "lapses_on IS NULL OR status IN ('returned', 'awaiting_payment')")
    ways = " OR ".join(f"OLD.status = '{start}' AND NEW.status = '{end}'" for start, ends in WAYS.items() for end in ends)
    op.execute(REFUSE_WAY)
    op.execute(
        "CREATE TRIGGER one_of_the_ways AFTER UPDATE OF status ON permit_application FOR EACH ROW "
        f"WHEN (OLD.status <> NEW.status AND NOT ({ways})) EXECUTE FUNCTION refuse_way()"
    )
