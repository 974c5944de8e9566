"""Papers stay verifiable when `DOCUMENT_KEY` changes: the keys that signed them are kept."""

from smartcity.storage import kernel_schema

revision = "0025_document_keys"
down_revision = "0024_retention"


def upgrade() -> None:
    kernel_schema.upgrade_v5()
