"""The kernel keeps who did which duty in whose name, and when `work` was down."""

from smartcity.storage import kernel_schema

revision = "0002_duties_and_outages"
down_revision = "0001_initial"


def upgrade() -> None:
    kernel_schema.upgrade_v2()
