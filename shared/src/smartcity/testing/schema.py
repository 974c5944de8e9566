"""Model and schema agree."""

from importlib import import_module

from smartcity.storage.migrate import differences

KERNEL_TABLES = (
    "access_log",
    "data_requests",
    "documents.store",
    "due",
    "duties",
    "events.event_log",
    "events.inbox",
    "files.entity",
    "http.idempotency",
    "outages",
)


def assert_model_matches_schema(url: str) -> None:
    """Fails naming what a new migration would change. The kernel's own tables count, loaded by the service or not."""
    for module in KERNEL_TABLES:
        import_module(f"smartcity.{module}")
    found = differences(url)
    assert not found, f"a new migration would change: {found}"
