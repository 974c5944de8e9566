"""What belongs together is told as one trace; off, nothing of it costs anything."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from stall import TOLD, thing

from smartcity import clock as city_clock
from smartcity import context, due, tracing
from smartcity.events.batch import batch
from smartcity.events.consumer import Consumer
from smartcity.settings import SettingsError
from smartcity.storage.transaction import Database
from smartcity.testing.collector import Collector, attributes

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch, app: Any) -> Iterator[Collector]:
    """Spans of the stall are told to it."""
    with Collector() as found:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", found.url)
        tracing.configure("stall")
        yield found
        tracing.close()
        monkeypatch.undo()
        tracing.configure("stall")


def by_name(collector: Collector) -> dict[str, Any]:
    """Everything that waits is sent first."""
    tracing.close()
    return {span.name: span for _, span in collector.spans}


def sold(client: Any, who: Any, laid: dict[str, Any]) -> None:
    assert client.post(f"/v1/things/{laid['id']}/sale", headers={**who, "traceparent": PARENT}).status_code == 200


def bodies(database: Database) -> list[bytes]:
    with database.session() as session:
        return list(session.scalars(sa.text("SELECT body FROM event_log ORDER BY position")))


@pytest.mark.parametrize("together", [False, True])
def test_a_request_and_what_came_of_its_event_are_one_trace(
    client: Any, as_: Any, laid_out: Callable[..., dict[str, Any]], database: Database, collector: Collector, together: bool
) -> None:
    for name in ("durian", "salak"):
        sold(client, as_("siti", "citizen"), laid_out(name))
    told = bodies(database)
    handler: Any = batch(lambda session, events, now: None) if together else lambda session, event, now: None
    consumer = Consumer(database, {TOLD: handler})
    assert consumer.receive_many(told) == ["applied", "applied"]
    spans = by_name(collector)
    asked, heard = spans["POST /v1/things/<uuid:thing_id>/sale"], spans[f"process {TOLD}"]
    assert (asked.trace_id.hex(), asked.parent_span_id.hex()) == (PARENT.split("-")[1], PARENT.split("-")[2])
    assert (heard.trace_id, heard.parent_span_id) == (asked.trace_id, asked.span_id)
    assert asked.start_time_unix_nano < asked.end_time_unix_nano <= heard.end_time_unix_nano
    assert attributes(asked)["http.response.status_code"] == 200 and attributes(asked)["http.route"].endswith("/sale")
    assert attributes(heard)["cloudevents.event_type"] == TOLD and attributes(heard)["outcome"] == "applied"
    assert len(collector.spans) == 2 + 2 + 2, "two laid out, two sold, two heard"


def test_what_fails_is_marked(client: Any, as_: Any, laid_out: Callable[..., dict[str, Any]], collector: Collector) -> None:
    laid = laid_out()
    assert client.post(f"/v1/things/{laid['id']}/accident", headers=as_("siti", "citizen")).status_code == 500
    spans = by_name(collector)
    assert spans["POST /v1/things/<uuid:thing_id>/accident"].status.code == 2
    assert spans["POST /v1/things"].status.code == 0
    assert "1271010502900001" not in str(collector.spans)


def test_each_piece_of_due_work_is_a_trace_of_its_own(database: Database, session: Session, collector: Collector) -> None:
    with database.transaction() as writing:
        writing.add(thing())
        for subject in ("a", "b"):
            due.schedule(writing, "note", subject, city_clock.now())
    seen = list[str]()
    runs = {"note": lambda session, subject, now: seen.append(context.current().correlation_id)}
    assert [due.run_next(database.session, runs, city_clock.now()) for _ in range(3)] == ["done", "done", None]
    by_name(collector)
    assert len(set(seen)) == 2 and len({span.trace_id for _, span in collector.spans}) == 2


def test_a_figure_leads_to_its_trace_for_who_asks_for_openmetrics(client: Any, as_: Any, collector: Collector) -> None:
    client.get("/v1/things", headers={**as_("siti", "citizen"), "traceparent": PARENT})
    said = client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"}).text
    assert any('route="/v1/things"' in line and f'# {{trace_id="{PARENT.split("-")[1]}"}}' in line for line in said.splitlines())
    assert said.endswith("# EOF\n") and "trace_id" not in client.get("/metrics").text


def test_a_share_is_chosen_by_the_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    work = context.child_of(PARENT)
    for share, tells in (("0", False), ("1", True), ("0.01", False), ("0.99", True)):
        tracing.configure("stall", {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_TRACES_SAMPLER_ARG": share})
        assert (tracing.exemplar(work) is not None) is tells, share
    for wrong in ("2", "-1", "all"):
        with pytest.raises(SettingsError, match="OTEL_TRACES_SAMPLER_ARG"):
            tracing.configure("stall", {"OTEL_TRACES_SAMPLER_ARG": wrong})
    tracing.configure("stall", {})
    assert tracing.exemplar(work) is None


def test_a_parent_that_is_none_begins_a_trace() -> None:
    for wrong in (None, "", "00-xyz", PARENT + "-more"):
        work = context.child_of(wrong)
        assert work.parent == "" and work.trace_id != PARENT.split("-")[1]


def test_off_nothing_of_it_is_loaded() -> None:
    loaded = "import sys, smartcity.work, smartcity.web; print([one for one in sys.modules if one.startswith('opentelemetry')])"
    assert subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout == "[]\n"
