"""Companies and the people who act for them."""

import sqlalchemy as sa
from alembic import op

revision = "0003_companies"
down_revision = "0002_ended_sessions"

MOMENT = sa.DateTime(timezone=True)
STANDING = "status IN ('invited', 'active')"


def upgrade() -> None:
    op.create_table(
        "company",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("name", sa.LargeBinary, nullable=False),
        sa.Column("nib", sa.LargeBinary, nullable=False),
        sa.Column("nib_index", sa.LargeBinary, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.UniqueConstraint("nib_index", name="uq_company_nib_index"),
    )
    _people()


def _people() -> None:
    table = "company_person"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("company_id", sa.Uuid, sa.ForeignKey("company.id", name="fk_company_person_company_id"), nullable=False),
        sa.Column("login", sa.LargeBinary, nullable=False),
        sa.Column("login_index", sa.LargeBinary, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("invited_by", sa.Uuid, nullable=False),
        sa.Column("invited_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", name="fk_company_person_account_id")),
        sa.Column("accepted_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_by", sa.Uuid),
        sa.CheckConstraint("role IN ('owner', 'staff')", name="ck_company_person_role"),
        sa.CheckConstraint("status IN ('invited', 'active', 'refused', 'removed')", name="ck_company_person_status"),
        sa.CheckConstraint("status <> 'active' OR account_id IS NOT NULL", name="ck_company_person_linked"),
        sa.CheckConstraint(f"({STANDING}) = (ended_at IS NULL)", name="ck_company_person_ended"),
    )
    op.create_index("ix_company_person_company_id", table, ["company_id", "id"])
    op.create_index("ix_company_person_account_id", table, ["account_id", "id"])
    op.create_index("ix_company_person_invited", table, ["login_index", "id"], postgresql_where=sa.text("status = 'invited'"))
    op.create_index("uq_company_person_standing", table, ["company_id", "login_index"], unique=True, postgresql_where=sa.text(STANDING))
