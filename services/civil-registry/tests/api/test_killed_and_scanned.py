"""Killed in the middle of a registration nothing is there by half; and of a whole run no name and no NIK leaves by any way out."""

import os
import signal
from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from flask import request, request_started
from prometheus_client import Counter
from sqlalchemy.orm import Session

from civil_registry.model.birth_record import BirthRecord
from civil_registry.service import SERVICE
from smartcity.observability import configure_logs, log
from smartcity.service import create_app

NIKS = ("1271014502900001", "1271010503880002", "1271014101800003", "3174010107790004", "1271011203150007")
NAMES = ("Nur Aisyah", "Noer Aisjah", "Siti Lubis", "Budi Siregar", "Rina Tarigan", "Hendra Sitompul")
PLANTED = Counter("planted_leaks", "Of the test of the scan.", ["of"])


def test_killed_between_writing_and_commit_there_is_neither_entry_nor_event_nor_gap(
    desk: Any, config: Any, issuer: Any, session: Session, told: Any
) -> None:
    ident = desk.brought_to("verification")
    headers = {**desk.staff("registration"), **desk.etag(ident)}
    child = os.fork()
    if child == 0:  # pragma: no cover (it dies)
        sa.event.listen(Session, "before_commit", lambda _: os.kill(os.getpid(), signal.SIGKILL))
        create_app(SERVICE, config, issuer.verifier()).test_client().post(f"/v1/birth-registrations/{ident}/registration", headers=headers)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert session.scalar(sa.select(sa.func.count()).select_from(BirthRecord)) == 0
    assert told("civil-registry.birth.registered.v1") == []
    shown = desk.show(ident)
    assert (shown["status"], shown["waits_for"], shown["record_no"]) == ("in_check", "registration", None)
    assert desk.step(ident, "registration").json["record_no"] == "1271-LU-12022026-0001"


def leaks(captured: Mapping[str, str]) -> dict[str, set[str]]:
    """By way out, every name and number of a person that stands in it."""
    found = {way: {word for word in (*NIKS, *NAMES) if word in text} for way, text in captured.items()}
    return {way: words for way, words in found.items() if words}


def a_whole_run(desk: Any) -> None:
    """Notified, claimed, filed, compared, given back, registered, corrected in vain, looked at, refused."""
    noted = {"reference": "RSP-1", "child": {**desk.birth()["child"], "name": None}, "mother": desk.birth()["mother"]}
    agency = {**desk.as_("rsud", "agency"), **desk.key()}
    code = desk.client.post("/v1/birth-notifications", json=noted, headers=agency).json["claim_code"]
    claim = {"code": code, "nik": NIKS[0]}
    assert desk.client.post("/v1/birth-registrations/claims", json=claim, headers=desk.citizen("siti")).status_code == 200
    desk.brought_to("signature")
    other = desk.brought_to("submission", child={"name": "Noer Aisjah Siregar", "born_on": "2026-02-06"})
    desk.step(other, "returns")
    for step in ("submission", "verification", "registration", "signature", "collection"):
        assert desk.step(other, step).status_code == 200
    number = desk.show(other)["record_no"]
    for path in (f"/v1/civil-records/{number}", f"/v1/certificates/{number}/document", "/v1/statistics/civil-registry/births"):
        assert (
            desk.client.get(
                f"{path}{'' if 'statistics' in path else '?purpose=correction'}", headers=desk.staff("registration")
            ).status_code
            == 200
        )
    desk.post({"mother": {"nik": NIKS[0], "name": NAMES[2]}})


def test_no_name_and_no_nik_leaves_in_a_log_an_event_a_url_or_a_metric(
    desk: Any, app: Any, told: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    urls: list[str] = []

    def heard(*_: Any, **__: Any) -> None:
        urls.append(request.url)

    request_started.connect(heard, app)
    configure_logs("civil-registry", "INFO")
    a_whole_run(desk)
    captured = {
        "logs": capsys.readouterr().out, "events": str(told()), "urls": "\n".join(urls), "metrics": desk.client.get("/metrics").text,
    }  # fmt: skip
    assert "request answered" in captured["logs"] and "birth.registered" in captured["events"]
    assert len(urls) > 40 and "http_request" in captured["metrics"]
    assert leaks(captured) == {}
    desk.client.get(f"/v1/civil-records/{NIKS[0]}", headers=desk.citizen())
    log.info("request answered", reason=NAMES[2])
    PLANTED.labels(of=NAMES[3]).inc()
    planted = {"logs": capsys.readouterr().out, "urls": "\n".join(urls), "metrics": desk.client.get("/metrics").text}
    configure_logs("civil-registry", "ERROR")
    assert leaks({**planted, "events": captured["events"] + NAMES[4]}) == {
        "logs": {NAMES[2]}, "urls": {NIKS[0]}, "metrics": {NAMES[3]}, "events": {NAMES[4]},
    }  # fmt: skip
