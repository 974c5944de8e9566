"""An officer may file the report of a death for who reports it, who claims it by a code."""

import sqlalchemy as sa
from alembic import op

revision = "0023_deaths_filed_at_the_counter"
down_revision = "0022_acts_about_deaths"

STANDS_ASIDE = "filed_by_sub <> verifier_sub AND filed_by_sub <> registrar_sub AND filed_by_sub <> signer_sub"


def upgrade() -> None:
    table = "death_registration"
    op.add_column(table, sa.Column("filed_by_sub", sa.String))
    op.add_column(table, sa.Column("claim_index", sa.LargeBinary))
    op.create_unique_constraint(f"uq_{table}_claim_index", table, ["claim_index"])
    op.create_check_constraint("filer_stands_aside", table, STANDS_ASIDE)
