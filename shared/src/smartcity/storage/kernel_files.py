"""The tables of stored files and of documents as the first migration makes them. A released function never changes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

MOMENT = sa.DateTime(timezone=True)


def create_stored_file() -> None:
    """What people upload: the row stands for bytes under `FILES_URL`."""
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("owner_sub", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("media_type", sa.String, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.LargeBinary, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("detail", JSONB, nullable=False),
        sa.CheckConstraint("status IN ('quarantined', 'ready', 'refused')", name="ck_stored_file_status"),
        sa.UniqueConstraint("key", name="uq_stored_file_key"),
    )
    op.create_index("ix_stored_file_owner_sub", "stored_file", ["owner_sub", "created_at", "id"])


def create_document() -> None:
    """What the office prints: promised in the issuing commit, rendered once afterwards."""
    op.create_table(
        "document",
        sa.Column("code", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("subject", sa.Uuid, nullable=False),
        sa.Column("promised_at", MOMENT, nullable=False),
        sa.Column("statement", sa.String),
        sa.Column("sha256", sa.LargeBinary),
        sa.Column("pdf_key", sa.String),
        sa.Column("rendered_at", MOMENT),
        sa.UniqueConstraint("kind", "subject", name="uq_document_kind_subject"),
        sa.CheckConstraint(
            "(rendered_at IS NULL) = (pdf_key IS NULL) AND (rendered_at IS NULL) = (sha256 IS NULL) "
            "AND (rendered_at IS NULL) = (statement IS NULL)",
            name="ck_document_rendered_whole",
        ),
    )
