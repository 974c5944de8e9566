"""A parent may ask for a family card and a child card along with the certificate."""

import sqlalchemy as sa
from alembic import op

revision = "0014_bundle"
down_revision = "0012_deaths"


def upgrade() -> None:
    op.add_column("birth_registration", sa.Column("bundle", sa.ARRAY(sa.String), nullable=False, server_default="{}"))
