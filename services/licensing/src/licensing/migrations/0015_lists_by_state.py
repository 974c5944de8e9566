"""The auditor's list of one state, of every office, reads only that state."""

from alembic import op

revision = "0015_lists_by_state"
down_revision = "0014_after_issue"


def upgrade() -> None:
    op.create_index("ix_permit_application_status", "permit_application", ["status", "id"])
