"""A document may have a last day."""

import sqlalchemy as sa
from alembic import op

revision = "0006_last_day_of_documents"
down_revision = "0005_entered_tariffs"


def upgrade() -> None:
    op.add_column("application_document", sa.Column("expires_on", sa.Date))
