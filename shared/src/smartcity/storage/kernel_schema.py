"""The kernel's tables as a migration makes them. A released function never changes; the next change is `upgrade_v6`."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from smartcity.events.event_log import CHANNEL
from smartcity.storage.kernel_files import create_document, create_stored_file

MOMENT = sa.DateTime(timezone=True)


def create_v1() -> None:
    """Everything a service's database holds for the kernel: log, inbox, due work, keys, access, numbers, files."""
    _event_log()
    _inbox()
    _due()
    _idempotency()
    _access_log()
    op.create_table(
        "number_series",
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("office", sa.String, primary_key=True),
        sa.Column("period", sa.String, primary_key=True),
        sa.Column("last", sa.BigInteger, nullable=False),
    )
    create_stored_file()
    create_document()


def upgrade_v2() -> None:
    """Who did which duty and in whose name, the heartbeat of `work`, and when it was down."""
    op.create_table(
        "duty_done",
        sa.Column("subject", sa.String, primary_key=True),
        sa.Column("duty", sa.String, primary_key=True),
        sa.Column("person", sa.String, primary_key=True),
        sa.Column("sub", sa.String, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "heartbeat",
        sa.Column("one", sa.Boolean, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("one", name="ck_heartbeat_one"),
    )
    op.create_table(
        "outage",
        sa.Column("position", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("began", MOMENT, nullable=False),
        sa.Column("ended", MOMENT, nullable=False),
        sa.CheckConstraint("began < ended", name="ck_outage_lasted"),
    )


def upgrade_v3() -> None:
    """What people ask about their own data: a copy, a correction, and when it must be answered."""
    op.create_table(
        "data_request",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("owner_sub", sa.String, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("about", sa.String),
        sa.Column("wish", sa.LargeBinary),
        sa.Column("answered_at", MOMENT),
        sa.Column("answerer_sub", sa.String),
        sa.Column("reason", sa.LargeBinary),
        sa.Column("copy", sa.LargeBinary),
        sa.CheckConstraint("kind IN ('access', 'correction')", name="ck_data_request_kind"),
        sa.CheckConstraint("status IN ('asked', 'done', 'refused')", name="ck_data_request_status"),
    )
    op.create_index("ix_data_request_owner_sub", "data_request", ["owner_sub", "asked_at", "id"])
    op.create_index("ix_data_request_open", "data_request", ["due_at", "id"], postgresql_where=sa.text("status = 'asked'"))


_ADOPTED = """
DO $$
DECLARE one record; found boolean;
BEGIN
  FOR one IN SELECT DISTINCT c.table_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.data_type = 'bytea' AND c.table_name <> 'root_key' LOOP
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', one.table_name) INTO found;
    IF found THEN
      INSERT INTO root_key VALUES (1, NULL, now());
      RETURN;
    END IF;
  END LOOP;
END $$
"""
"""Where something may be encrypted already, the first root is what it was derived from: `SECRET_KEY` itself."""


def upgrade_v4() -> None:
    """The root keys of what is encrypted, closed with `SECRET_KEY`."""
    op.create_table(
        "root_key",
        sa.Column("number", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("closed", sa.LargeBinary),
        sa.Column("made_at", MOMENT, nullable=False),
    )
    op.execute(_ADOPTED)


def upgrade_v5() -> None:
    """The public keys with which documents were signed."""
    op.create_table(
        "document_key",
        sa.Column("key_id", sa.String, primary_key=True),
        sa.Column("public", sa.LargeBinary, nullable=False),
        sa.Column("known_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT),
    )


_TO_BE_SENT = f"""
CREATE FUNCTION event_log_to_be_sent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO event_unsent SELECT position FROM told;
  PERFORM pg_notify('{CHANNEL}', '');
  RETURN NULL;
END $$
"""


def _event_log() -> None:
    op.create_table(
        "event_log",
        sa.Column("position", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("audience", sa.String, nullable=False),
        sa.Column("time", MOMENT, nullable=False),
        sa.Column("body", sa.LargeBinary),
        sa.Column("sha256", sa.LargeBinary, nullable=False),
        sa.Column("unheard", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("id", name="uq_event_log_id"),
        sa.UniqueConstraint("subject", "sequence", name="uq_event_log_subject_sequence"),
    )
    op.create_index("ix_event_log_time", "event_log", ["time"])
    op.create_table("event_unsent", sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False))
    op.execute("ALTER TABLE event_unsent SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)")
    op.execute(_TO_BE_SENT)
    op.execute(
        "CREATE TRIGGER event_log_to_be_sent AFTER INSERT ON event_log "
        "REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION event_log_to_be_sent()"
    )


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("source", sa.String, primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_at", MOMENT),
        sa.Column("reason", sa.String),
        sa.Column("body", sa.LargeBinary),
        sa.CheckConstraint("status IN ('done', 'waiting', 'parked', 'dropped')", name="ck_inbox_status"),
    )
    op.create_index("ix_inbox_waiting", "inbox", ["next_at"], postgresql_where=sa.text("status = 'waiting'"))
    op.create_index("ix_inbox_waiting_subject", "inbox", ["subject", "sequence"], postgresql_where=sa.text("status = 'waiting'"))
    op.create_index("ix_inbox_parked", "inbox", ["received_at"], postgresql_where=sa.text("status = 'parked'"))


def _due() -> None:
    op.create_table(
        "due",
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("subject", sa.String, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("reason", sa.String),
        sa.CheckConstraint("status IN ('due', 'parked')", name="ck_due_status"),
    )
    op.create_index("ix_due_at", "due", ["at"], postgresql_where=sa.text("status = 'due'"))


def _idempotency() -> None:
    op.create_table(
        "idempotency",
        sa.Column("caller", sa.String, primary_key=True),
        sa.Column("route", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("headers", JSONB, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
    )
    op.create_index("ix_idempotency_made_at", "idempotency", ["made_at"])


def _access_log() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("office", sa.String),
        sa.Column("person", sa.String, nullable=False),
        sa.Column("record_kind", sa.String, nullable=False),
        sa.Column("record_id", sa.String, nullable=False),
        sa.Column("purpose", sa.String, nullable=False),
        sa.Column("request_id", sa.String, nullable=False),
    )
    op.create_index("ix_access_log_person", "access_log", ["person", "at", "id"])
    op.create_index("ix_access_log_actor", "access_log", ["actor", "at"])
