"""The kernel keeps who did which duty in whose name, and when `work` was down."""

from smartcity.storage import kernel_schema

revision = "0007_duties_and_outages"
down_revision = "0006_statistics"


def upgrade() -> None:
    kernel_schema.upgrade_v2()
