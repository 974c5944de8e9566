"""An officer or a hospital may file for a parent, who claims it by a code; what a hospital told is kept as it was told."""

import sqlalchemy as sa
from alembic import op

revision = "0007_filed_for_a_parent"
down_revision = "0005_siblings"

STANDS_ASIDE = "filed_by_sub <> verifier_sub AND filed_by_sub <> head_sub AND filed_by_sub <> registrar_sub AND filed_by_sub <> signer_sub"


def upgrade() -> None:
    table = "birth_registration"
    op.add_column(table, sa.Column("filed_by_sub", sa.String))
    op.add_column(table, sa.Column("claim_index", sa.LargeBinary))
    op.create_unique_constraint("uq_birth_registration_claim_index", table, ["claim_index"])
    op.create_check_constraint("ck_birth_registration_filer_stands_aside", table, STANDS_ASIDE)
    _notification()


def _notification() -> None:
    table = "birth_notification"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("agency_sub", sa.String, nullable=False),
        sa.Column("reference", sa.String, nullable=False),
        sa.Column("registration_id", sa.Uuid, nullable=False),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["registration_id"], ["birth_registration.id"], name=f"fk_{table}_registration_id"),
        sa.UniqueConstraint("agency_sub", "reference", name=f"uq_{table}_agency_sub_reference"),
    )
    op.create_index("ix_birth_notification_registration_id", table, ["registration_id"])
