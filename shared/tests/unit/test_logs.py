"""What a line of the log holds, and what never."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from smartcity import context
from smartcity.observability import configure_logs, log

NIK = "1271015503900001"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()
    vars(log).pop("bind", None)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("value", [NIK, f"NIK {NIK}", f"{NIK}1", f"{NIK} {NIK}"])
def test_a_nik_is_taken_out_however_little_stands_around_it(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("stall", "INFO")
    log.info("refused", reason=value)
    (line,) = lines(capsys)
    assert "[redacted]" in line["reason"]
    assert NIK not in line["reason"]


def test_what_is_too_short_to_be_a_nik_stays_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("stall", "INFO")
    log.info("refused", reason=NIK[1:])
    assert lines(capsys)[0]["reason"] == NIK[1:]


def test_a_line_tells_the_service_and_the_work_it_belongs_to(capsys: pytest.CaptureFixture[str]) -> None:
    context.begin(work := context.child_of(None, request_id="r-1", correlation_id="c-1"))
    configure_logs("stall", "INFO")
    log.info("done", request_id="told")
    (line,) = lines(capsys)
    assert (line["service"], line["request_id"], line["trace_id"], line["correlation_id"]) == ("stall", "told", work.trace_id, "c-1")


def test_logs_that_are_configured_again_are_another_service_s_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    for service, level in (("stall", "INFO"), ("kiosk", "INFO"), ("kiosk", "ERROR")):
        configure_logs(service, level)
        log.info("done")
    assert [line["service"] for line in lines(capsys)] == ["stall", "kiosk"]
