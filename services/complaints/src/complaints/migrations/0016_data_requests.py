"""The kernel keeps what people ask about their own data, and until when it must be answered."""

from smartcity.storage import kernel_schema

revision = "0016_data_requests"
down_revision = "0015_followers_are_asked"


def upgrade() -> None:
    kernel_schema.upgrade_v3()
