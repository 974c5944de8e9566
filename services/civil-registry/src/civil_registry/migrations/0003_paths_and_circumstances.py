"""A report may have circumstances, and no mother, father's NIK, KK, order or weight where its path does not ask for them."""

import sqlalchemy as sa
from alembic import op

revision = "0003_paths_and_circumstances"
down_revision = "0002_duties_and_outages"

MAY_BE_EMPTY = {
    "birth_registration": ("family_card_no", "child_order", "weight_g", "mother_nik_index"),
    "registration_person": ("nik", "nik_index"),
}


def upgrade() -> None:
    op.add_column("birth_registration", sa.Column("circumstances", sa.ARRAY(sa.String), nullable=False, server_default="{}"))
    op.add_column("birth_registration", sa.Column("birth_country", sa.String))
    for table, columns in MAY_BE_EMPTY.items():
        for column in columns:
            op.alter_column(table, column, nullable=True)
