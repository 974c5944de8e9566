"""The public words of a complaint, stemmed in Indonesian; only what everybody may read is in the index."""

from alembic import op

revision = "0010_search"
down_revision = "0009_open311"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE complaint ADD COLUMN words tsvector GENERATED ALWAYS AS (setweight(to_tsvector('indonesian', title), 'A') "
        "|| setweight(to_tsvector('indonesian', address), 'B')) STORED"
    )
    op.execute("CREATE INDEX ix_complaint_words ON complaint USING gin (words) WHERE verified_at IS NOT NULL AND NOT confidential")
