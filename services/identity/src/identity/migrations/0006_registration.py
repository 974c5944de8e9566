"""Citizens open their own accounts: by NIK, e-mail and a one-time code; messages wait in the database until `work` has sent them."""

import sqlalchemy as sa
from alembic import op

revision = "0006_registration"
down_revision = "0005_deputies"

MOMENT = sa.DateTime(timezone=True)
GUARDED = "guarded IN ('account', 'address', 'client_address', 'code_address', 'recipient')"


def upgrade() -> None:
    for name in ("nik", "nik_index", "email", "email_index", "phone"):
        op.add_column("account", sa.Column(name, sa.LargeBinary))
    op.create_unique_constraint("uq_account_nik_index", "account", ["nik_index"])
    op.create_unique_constraint("uq_account_email_index", "account", ["email_index"])
    op.drop_constraint(op.f("ck_throttle_ck_throttle_guarded"), "throttle")  # doubled by the naming rule when it was made
    op.create_check_constraint("guarded", "throttle", GUARDED)
    _code()
    _registration()
    _letter()
    _account_change()


def _code() -> None:
    op.create_table(
        "one_time_code",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("code_index", sa.LargeBinary, nullable=False),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", name="fk_one_time_code_account_id")),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.CheckConstraint("purpose IN ('registration', 'password_reset')", name="purpose"),
        sa.CheckConstraint("tries >= 0", name="tries"),
    )
    op.create_index("ix_one_time_code_account_id", "one_time_code", ["account_id"])
    op.create_index("ix_one_time_code_expires_at", "one_time_code", ["expires_at"])


def _registration() -> None:
    code = sa.ForeignKey("one_time_code.id", name="fk_registration_code_id", ondelete="CASCADE")
    op.create_table(
        "registration",
        sa.Column("code_id", sa.Uuid, code, primary_key=True),
        *(sa.Column(name, sa.LargeBinary, nullable=False) for name in ("nik", "name", "phone", "email")),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
    )


def _letter() -> None:
    op.create_table(
        "letter",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("recipient", sa.LargeBinary, nullable=False),
        sa.Column("subject", sa.LargeBinary, nullable=False),
        sa.Column("text", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
    )
    op.create_index("ix_letter_expires_at", "letter", ["expires_at"])


def _account_change() -> None:
    op.create_table(
        "account_change",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("account_id", sa.Uuid, sa.ForeignKey("account.id", name="fk_account_change_account_id"), nullable=False),
        sa.Column("change", sa.String(40), nullable=False),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
        sa.CheckConstraint("change IN ('registered')", name="change"),
    )
    op.create_index("ix_account_change_account_id", "account_change", ["account_id", "at", "id"])
