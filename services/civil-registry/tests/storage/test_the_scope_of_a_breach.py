"""The scope of a breach is read along the index of the account, however many looks of others there are."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civil_registry.use_cases.breach_scope import Span, looks, scope
from smartcity.access_log import AccessRow

ROWS = 200_000
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
SPAN = Span("account-7", BEGAN + timedelta(seconds=50_000), BEGAN + timedelta(seconds=60_000))
FILL = """
INSERT INTO access_log (id, at, actor, person, record_kind, record_id, purpose, request_id)
SELECT lpad(to_hex(i), 32, '0')::uuid, timestamptz '2026-01-01 00:00+00' + i * interval '1 second', 'account-' || i % 100, 'person-' || i % 5000,
    'birth_registration', i % 3000, 'verification', 'r' FROM generate_series(1, :rows) i
"""


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from nodes(below)


def test_what_one_account_saw_is_read_along_its_index(session: Session) -> None:
    session.execute(sa.text(FILL), {"rows": ROWS})
    session.commit()
    session.execute(sa.text("ANALYZE access_log"))
    found = scope(session, SPAN)
    assert (found["looks"], found["by_kind"][0]["records"]) == (100, 30)
    query = looks(SPAN).order_by(AccessRow.at, AccessRow.id).limit(51)
    text = str(query.compile(dialect=session.get_bind().dialect, compile_kwargs={"literal_binds": True}))
    plan = session.connection().exec_driver_sql("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + text.replace("%", "%%")).scalar_one()
    top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    assert any(node.get("Index Name") == "ix_access_log_actor" for node in nodes(top)), json.dumps(top)
    assert not any(node["Node Type"] == "Seq Scan" for node in nodes(top))
    assert top["Shared Hit Blocks"] + top["Shared Read Blocks"] < 200
