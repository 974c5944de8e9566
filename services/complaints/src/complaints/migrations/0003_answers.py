"""What a category asks beyond title, text and place is kept with the complaint."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003_answers"
down_revision = "0002_duplicates"


def upgrade() -> None:
    op.add_column("complaint", sa.Column("answers", JSONB, nullable=False, server_default=sa.text("'{}'")))
