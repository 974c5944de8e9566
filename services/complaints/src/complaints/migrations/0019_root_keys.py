"""What is encrypted has root keys of its own database, which `SECRET_KEY` closes."""

from smartcity.storage import kernel_schema

revision = "0019_root_keys"
down_revision = "0018_near"


def upgrade() -> None:
    kernel_schema.upgrade_v4()
