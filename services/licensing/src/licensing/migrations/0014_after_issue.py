"""A permit after its issue: measures about it, the permit that follows it, and the day its holder is reminded."""

import sqlalchemy as sa
from alembic import op

revision = "0014_after_issue"
down_revision = "0013_duties_and_outages"

MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("status IN ('announced', 'in_force')")
WAYS = (
    "('active', 'amended'), ('active', 'suspended'), ('active', 'revoked'), ('active', 'expired'), "
    "('suspended', 'active'), ('suspended', 'revoked'), ('suspended', 'expired')"
)


def upgrade() -> None:
    _permit()
    _permit_measure()
    _succession_request()
    _only_these_ways()
    _terms_of_what_was_issued()


def _permit() -> None:
    for column in (
        sa.Column("valid_from", sa.Date),
        sa.Column("renewable_from", sa.Date),
        sa.Column("remind_on", sa.Date),
        sa.Column("reminded_at", MOMENT),
        sa.Column("updated_at", MOMENT),
        sa.Column("predecessor_id", sa.Uuid, sa.ForeignKey("permit.id", name="fk_permit_predecessor_id")),
        sa.Column("succession", sa.String(40)),
        sa.Column("successor_id", sa.Uuid),
    ):
        op.add_column("permit", column)
    op.create_check_constraint("succession", "permit", "succession IN ('amendment', 'correction', 'renewal')")
    op.create_check_constraint("amended", "permit", "status <> 'amended' OR successor_id IS NOT NULL")
    op.create_check_constraint("succeeds", "permit", "(predecessor_id IS NULL) = (succession IS NULL)")
    op.create_check_constraint("renewal", "permit", "renewable_from <= remind_on AND remind_on < valid_until")
    op.drop_constraint("uq_permit_application_id", "permit")
    op.create_index("uq_permit_application_id", "permit", ["application_id"], unique=True, postgresql_where=sa.text("status <> 'amended'"))
    op.create_index("ix_permit_application_id", "permit", ["application_id"])
    op.create_index("ix_permit_predecessor_id", "permit", ["predecessor_id"])
    measured = ["kelurahan_code", "permit_type", "processing_days", "within_clock", "retribution_total"]
    counted = sa.text("succession IS DISTINCT FROM 'correction'")  # a correction is not counted again
    op.drop_index("ix_permit_issued_at")
    op.create_index("ix_permit_issued_at", "permit", ["issued_at"], postgresql_include=measured, postgresql_where=counted)
    ending = sa.text("status = 'active' AND valid_until IS NOT NULL")
    op.create_index("ix_permit_ending", "permit", ["owner_sub", "valid_until", "id"], postgresql_where=ending)


def _permit_measure() -> None:
    op.create_table(
        "permit_measure",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("permit_id", sa.Uuid, sa.ForeignKey("permit.id", name="fk_permit_measure_permit_id"), nullable=False),
        sa.Column("owner_sub", sa.String, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("reason_code", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("legal_basis", sa.String, nullable=False),
        sa.Column("ordered_by", sa.String, nullable=False),
        sa.Column("ordered_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("answer_until", sa.Date),
        sa.Column("starts_on", sa.Date),
        sa.Column("ends_on", sa.Date),
        sa.Column("answer", sa.String),
        sa.Column("answered_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_by", sa.String),
        sa.UniqueConstraint("permit_id", "position", name="uq_permit_measure_permit_id_position"),
        sa.CheckConstraint("kind IN ('correction', 'suspension', 'revocation')", name="kind"),
        sa.CheckConstraint("status IN ('announced', 'in_force', 'carried_out', 'lifted')", name="status"),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered"),
        sa.CheckConstraint("(kind = 'suspension') = (starts_on IS NOT NULL AND ends_on IS NOT NULL)", name="period"),
        sa.CheckConstraint("ends_on >= starts_on AND starts_on > answer_until", name="order"),
        sa.CheckConstraint("(status IN ('announced', 'in_force')) = (ended_at IS NULL)", name="ended"),
        sa.CheckConstraint("status <> 'in_force' OR kind = 'suspension'", name="in_force"),
    )
    op.create_index("uq_permit_measure_open", "permit_measure", ["permit_id", "kind"], unique=True, postgresql_where=OPEN)
    op.create_index("ix_permit_measure_owner_sub", "permit_measure", ["owner_sub", "id"], postgresql_where=OPEN)


def _succession_request() -> None:
    table = "succession_request"
    op.create_table(
        table,
        sa.Column("application_id", sa.Uuid, sa.ForeignKey("permit_application.id", name=f"fk_{table}_application_id"), primary_key=True),
        sa.Column("permit_id", sa.Uuid, sa.ForeignKey("permit.id", name=f"fk_{table}_permit_id"), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.CheckConstraint("kind IN ('amendment', 'correction', 'renewal')", name="kind"),
        sa.CheckConstraint("kind <> 'correction'", name="asked_for"),
    )
    op.create_index(f"ix_{table}_permit_id", table, ["permit_id", "kind"])


def _only_these_ways() -> None:
    op.execute(
        "CREATE FUNCTION refuse_permit_way() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION 'a permit does not go from % to %', OLD.status, NEW.status USING ERRCODE = 'restrict_violation'; END$$"
    )
    op.execute(
        "CREATE TRIGGER only_these_ways BEFORE UPDATE OF status ON permit FOR EACH ROW "
        f"WHEN (OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN ({WAYS})) EXECUTE FUNCTION refuse_permit_way()"
    )


def _terms_of_what_was_issued() -> None:
    """Permits that end are renewed too: the days of their types as they stand with this migration."""
    op.execute(
        "UPDATE permit SET renewable_from = valid_until - 2 * days.n, remind_on = valid_until - days.n "
        "FROM (VALUES ('REKLAME', 30), ('TANAH', 30), ('SLF', 90), ('TOKO', 90), ('TRAYEK', 90)) AS days (code, n) "
        "WHERE days.code = permit_type AND valid_until IS NOT NULL AND status = 'active'"
    )
    op.execute(
        "INSERT INTO due (kind, subject, at, attempts, status) "
        "SELECT 'licensing.remind-of-renewal', id::text, remind_on::timestamp AT TIME ZONE 'Asia/Jakarta', 0, 'due' "
        "FROM permit WHERE remind_on IS NOT NULL ON CONFLICT DO NOTHING"
    )
