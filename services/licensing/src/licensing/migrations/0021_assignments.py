"""Who of the office works, and whose turn it is: what waits now is given out when somebody first asks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021_assignments"
down_revision = "0020_forwarding"

MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("ended_at IS NULL")
WAITING = """
INSERT INTO assignment (id, application_id, office, step, role, since)
SELECT gen_random_uuid(), id, office, status, CASE status WHEN 'complete' THEN 'examiner' WHEN 'in_examination' THEN 'approver' ELSE 'officer' END,
    status_since
FROM permit_application WHERE status IN ('submitted', 'complete', 'in_examination', 'approved')
"""


def upgrade() -> None:
    op.create_table(
        "officer",
        sa.Column("office", sa.String, primary_key=True),
        sa.Column("sub", sa.String, primary_key=True),
        sa.Column("roles", JSONB, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("present", sa.Boolean, nullable=False),
        sa.Column("last_given_at", MOMENT),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("application_id", sa.Uuid, sa.ForeignKey("permit_application.id"), nullable=False),
        sa.Column("office", sa.String, nullable=False),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("officer_sub", sa.String),
        sa.Column("assigned_at", MOMENT),
        sa.Column("assigned_by", sa.String),
        sa.Column("ended_at", MOMENT),
    )
    op.create_index("ix_assignment_open", "assignment", ["application_id"], unique=True, postgresql_where=OPEN)
    op.create_index("ix_assignment_application_id", "assignment", ["application_id"])
    op.create_index("ix_assignment_mine", "assignment", ["office", "officer_sub", "since", "id"], postgresql_where=OPEN)
    op.execute(WAITING)
