"""A payer objects to a bill; the head decides, or the objection is granted of itself.

Whoever issued a bill does not decide on an objection against it; who issued those that are there was not kept.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015_objections"
down_revision = "0014_waivers_and_limitation"

MOMENT = sa.DateTime(timezone=True)
FILED = sa.text("status = 'filed'")
OUTCOMES = "'filed', 'granted', 'partly_granted', 'refused', 'increased', 'deemed_granted', 'lapsed'"


def upgrade() -> None:
    op.create_table(
        "objection",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("bill_id", sa.Uuid, sa.ForeignKey("bill.id", name="fk_objection_bill_id"), nullable=False),
        sa.Column("office", sa.String, nullable=False),
        sa.Column("owner_sub", sa.String, nullable=False),
        sa.Column("filed_by", sa.String, nullable=False),
        sa.Column("filed_at", MOMENT, nullable=False),
        sa.Column("amount_right", sa.BigInteger, nullable=False),
        sa.Column("reasons", sa.LargeBinary, nullable=False),
        sa.Column("decide_by", sa.Date, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("amount_decided", sa.BigInteger),
        sa.Column("grounds", sa.LargeBinary),
        sa.Column("decided_by", sa.String),
        sa.Column("decided_at", MOMENT),
        sa.Column("decision_no", sa.String),
        sa.Column("verify_code", sa.String),
        sa.Column("in_force_at", MOMENT),
        sa.UniqueConstraint("decision_no", name="uq_objection_decision_no"),
        sa.CheckConstraint(f"status IN ({OUTCOMES})", name="status"),
        sa.CheckConstraint("amount_right >= 0 AND amount_decided >= 0", name="amounts"),
        sa.CheckConstraint(
            "(status IN ('filed', 'lapsed')) = (decision_no IS NULL) AND num_nulls(decision_no, decided_at, amount_decided, verify_code) IN (0, 4)",
            name="decided",
        ),
        sa.CheckConstraint("decided_by IS NULL OR decided_by <> filed_by", name="two_people"),
    )
    _indexes()


def _indexes() -> None:
    op.create_index("ix_objection_bill_id", "objection", ["bill_id", "id"])
    op.create_index("ix_objection_office", "objection", ["office", "id"])
    op.create_index("ix_objection_office_status", "objection", ["office", "status", "id"])
    op.create_index("ix_objection_owner_sub", "objection", ["owner_sub", "id"])
    op.create_index("ix_objection_owner_status", "objection", ["owner_sub", "status", "id"])
    op.create_index("ix_objection_filed", "objection", ["decide_by", "id"], postgresql_where=FILED)
    op.create_index("uq_objection_filed", "objection", ["bill_id"], unique=True, postgresql_where=FILED)
