"""Until when somebody of the city was to read a complaint: so that a look in time is told from a late one, whatever else was late.

Of what was filed before: the moment its clock ran out, as the history has it; else the look itself, which was in time.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013_verify_by"
down_revision = "0012_map_squares"


def upgrade() -> None:
    op.add_column("complaint", sa.Column("verify_by", sa.DateTime(timezone=True)))
    op.execute(
        """
        UPDATE complaint SET verify_by = coalesce(
            (SELECT min(late.at) FROM complaint_history late WHERE late.complaint_id = complaint.id AND late.event = 'escalated.head'
             AND late.status = 'received' AND (verified_at IS NULL OR late.at <= verified_at)),
            verified_at, CASE clock WHEN 'verification' THEN deadline END
        )
        """
    )
