"""Links made on the word of another issuer alone are forgotten: whoever had one shows once, by the password, that the account is theirs."""

from alembic import op

revision = "0015_links_are_proven"
down_revision = "0014_document_keys"


def upgrade() -> None:
    op.execute("DELETE FROM linked_identity")
