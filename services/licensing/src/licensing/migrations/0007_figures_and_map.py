"""Where a permit stands, how long it took and whether the clocks were kept: for the map and the figures. Filled for those already given."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007_figures_and_map"
down_revision = "0006_last_day_of_documents"

FILL = """
UPDATE permit SET
    processing_days = (permit.issued_at AT TIME ZONE 'Asia/Jakarta')::date - (application.submitted_at AT TIME ZONE 'Asia/Jakarta')::date,
    within_clock = NOT EXISTS (SELECT FROM step_clock WHERE step_clock.application_id = application.id AND step_clock.used > step_clock.days)
FROM permit_application application WHERE application.id = permit.application_id
"""


def upgrade() -> None:
    op.add_column("permit_application", sa.Column("position", JSONB))
    op.add_column("permit", sa.Column("latitude", sa.Float))
    op.add_column("permit", sa.Column("longitude", sa.Float))
    op.add_column("permit", sa.Column("cell", sa.Integer))
    op.add_column("permit", sa.Column("processing_days", sa.Integer))
    op.add_column("permit", sa.Column("within_clock", sa.Boolean))
    op.create_check_constraint("place", "permit", "num_nulls(latitude, longitude, cell) IN (0, 3)")
    op.execute(FILL)
    op.create_index("ix_permit_permit_type", "permit", ["permit_type", "id"])
    op.create_index("ix_permit_cell", "permit", ["permit_type", "cell", "id"], postgresql_where=sa.text("cell IS NOT NULL"))
    measured = ["kelurahan_code", "permit_type", "processing_days", "within_clock", "retribution_total"]
    op.create_index("ix_permit_issued_at", "permit", ["issued_at"], postgresql_include=measured)
