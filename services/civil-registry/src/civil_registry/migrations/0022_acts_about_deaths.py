"""Entries of deaths are corrected, cancelled and copied like those of births: acts and notes name the one or the other."""

import sqlalchemy as sa
from alembic import op

revision = "0022_acts_about_deaths"
down_revision = "0021_electronic_signatures"

PENDING = sa.text("status = 'proposed'")
VALID = sa.text("status = 'valid'")


def upgrade() -> None:
    for table, beside in (("record_act", "id"), ("marginal_note", "position")):
        key = sa.ForeignKey("death_record.id", name=f"fk_{table}_death_record_id")
        op.alter_column(table, "record_id", nullable=True)
        op.add_column(table, sa.Column("death_record_id", sa.Uuid, key))
        op.create_check_constraint("of_one_entry", table, "(record_id IS NULL) <> (death_record_id IS NULL)")
        op.create_index(f"ix_{table}_death_record_id", table, ["death_record_id", beside])
    op.create_index("uq_record_act_pending_death", "record_act", ["death_record_id"], unique=True, postgresql_where=PENDING)
    op.create_index("uq_certificate_valid_death", "certificate", ["death_record_id"], unique=True, postgresql_where=VALID)
    op.drop_index("uq_death_registration_deceased", "death_registration")
    filed = sa.text("status NOT IN ('draft', 'cancelled', 'withdrawn')")
    op.create_index("uq_death_registration_deceased", "death_registration", ["deceased_nik_index"], unique=True, postgresql_where=filed)
