"""Open311 has no key against a resend: the forms of the last minutes are known again by their fingerprint."""

import sqlalchemy as sa
from alembic import op

revision = "0017_open311_resends"
down_revision = "0016_data_requests"


def upgrade() -> None:
    table = "open311_filing"
    op.create_table(
        table,
        sa.Column("fingerprint", sa.LargeBinary, primary_key=True),
        sa.Column("complaint_id", sa.Uuid, sa.ForeignKey("complaint.id", name="fk_open311_filing_complaint_id"), nullable=False),
        sa.Column("token", sa.LargeBinary, nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_open311_filing_complaint_id", table, ["complaint_id"])
