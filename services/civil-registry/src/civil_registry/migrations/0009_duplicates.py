"""Children are found again by the sound of their names; what a person decided about two reports is kept for ever.

Names are encrypted, so the sounds of those filed before are written by due work.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009_duplicates"
down_revision = "0008_acts_about_an_entry"


def upgrade() -> None:
    _name_sound()
    _duplicate_decision()
    op.execute("INSERT INTO due (kind, subject, at, attempts, status) VALUES ('write_name_sounds', 'all', now(), 0, 'due')")


def _name_sound() -> None:
    table = "name_sound"
    op.create_table(
        table,
        sa.Column("registration_id", sa.Uuid, sa.ForeignKey("birth_registration.id", name=f"fk_{table}_registration_id"), primary_key=True),
        sa.Column("sound", sa.LargeBinary, primary_key=True),
        sa.Column("born_on", sa.Date, nullable=False),
    )
    op.create_index("ix_name_sound_sound", table, ["sound", "born_on", "registration_id"])


def _duplicate_decision() -> None:
    table = "duplicate_decision"
    pair = [
        sa.Column(name, sa.Uuid, sa.ForeignKey("birth_registration.id", name=f"fk_{table}_{name}"), nullable=False)
        for name in ("one_id", "other_id")
    ]
    op.create_table(
        table,
        sa.Column("id", sa.Uuid, primary_key=True),
        *pair,
        sa.Column("verdict", sa.String(40), nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("why", sa.LargeBinary, nullable=False),
        sa.Column("decided_by", sa.String, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("one_id < other_id", name="ordered"),
        sa.CheckConstraint("verdict IN ('same', 'different')", name="verdict"),
    )
    op.create_index("ix_duplicate_decision_one_id", table, ["one_id", "other_id"])
    op.create_index("ix_duplicate_decision_other_id", table, ["other_id"])
    op.execute(f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.execute(f"CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()")
