"""The NIK of the national system: the registration waits for nobody outside; the number follows when the system can be reached, once."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from civil_registry.use_cases import awaited_niks, birth_certificate, civil_records, nik_authority
from civil_registry.use_cases.awaited_niks import longest_wait
from civil_registry.use_cases.chains import CHAINS, first_broken
from civil_registry.use_cases.national_population import NationalPopulation
from smartcity import clock as city_clock
from smartcity import due
from smartcity.settings import SettingsError
from smartcity.testing.stand_in import Asked, serving

NIK = "1271014502260001"
AWAITED = (409, "/problems/nik-awaited")


@dataclass
class Ministry:
    """A national system of a test: what it answers next, and what it was asked."""

    url: str = ""
    answers: list[tuple[int, bytes] | None] = field(default_factory=list)
    asked: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    given: tuple[int, bytes] = (200, json.dumps({"nik": NIK}).encode())


@pytest.fixture
def ministry() -> Iterator[Ministry]:
    made = Ministry()

    def answer(asked: Asked) -> tuple[int, bytes] | None:
        made.asked.append((asked.path, json.loads(asked.body), asked.headers["Authorization"]))
        return made.answers.pop(0) if made.answers else made.given

    before = nik_authority.authority()
    with serving(answer) as url:
        made.url = f"{url}/siak"
        yield made
        nik_authority.choose(before)


@pytest.fixture
def national(app: Any, ministry: Ministry) -> Ministry:
    """The service's processes are set to it (after they have begun with their own settings)."""
    nik_authority.choose(NationalPopulation(urlsplit(ministry.url), "rahasia", within=0.5))
    return ministry


def signature(desk: Any, ident: str) -> tuple[int, str]:
    answer = desk.step(ident, "signature")
    return answer.status_code, answer.json.get("type", "")


def certified(desk: Any, session: Session, ident: str) -> str:
    """Signed; the NIK as the certificate prints it."""
    assert signature(desk, ident) == (200, "")
    said = birth_certificate.content(session, UUID(desk.show(ident)["certificate_id"]))
    return str(said["nik"])


def test_the_registration_goes_on_and_the_nik_follows(desk: Any, session: Session, national: Ministry, run_due: Any) -> None:
    ident = desk.brought_to("registration")
    assert desk.show(ident)["record_no"] == "1271-LU-12022026-0001" and national.asked == []
    assert signature(desk, ident) == AWAITED
    assert run_due() and len(national.asked) == 1
    path, body, bearer = national.asked[0]
    assert (path, bearer) == ("/siak/newborns/1271-LU-12022026-0001", "Bearer rahasia")
    assert body == {"region": "127101", "born_on": "2026-02-05", "sex": "female"}
    assert certified(desk, session, ident) == NIK
    assert {first_broken(session, chain) for chain in CHAINS} == {None}
    record = desk.client.get("/v1/civil-records/1271-LU-12022026-0001", headers=desk.citizen()).json
    assert (record["content"]["child"]["nik"], [note["kind"] for note in record["marginal_notes"]]) == (None, ["nik_given"])
    masked = desk.client.get("/v1/civil-records/1271-LU-12022026-0001?purpose=signature", headers=desk.staff("signature"))
    assert NIK not in masked.text


@pytest.mark.parametrize("away", [
    (503, b""), (500, b"{"), (404, b"{}"), (301, b""), (200, b"not json"), (200, b'{"nik": "1"}'), (200, b"[]"), (200, b"x" * 20_000), (202, b""), None,
])  # fmt: skip
def test_away_slow_or_not_to_be_understood_it_is_asked_again_and_nothing_is_lost(
    desk: Any, session: Session, national: Ministry, run_due: Any, clock: Any, away: tuple[int, bytes] | None
) -> None:
    national.answers = [away, away]
    ident = desk.brought_to("registration")
    assert set(run_due()) == {"done"} and len(national.asked) == 1
    assert signature(desk, ident) == AWAITED
    assert longest_wait(session, city_clock.now()) >= 0
    clock.advance(minutes=1)
    assert longest_wait(session, city_clock.now()) >= 60
    run_due()
    assert signature(desk, ident) == AWAITED and len(national.asked) == 2
    clock.advance(minutes=30)
    run_due()
    assert certified(desk, session, ident) == NIK and len(national.asked) == 3
    assert longest_wait(session, city_clock.now()) == 0


def test_a_system_that_is_down_for_days_is_asked_for_days(
    desk: Any, session: Session, ministry: Ministry, app: Any, run_due: Any, clock: Any
) -> None:
    nik_authority.choose(NationalPopulation(urlsplit("http://127.0.0.1:9"), "", within=0.5))  # nobody listens there
    ident = desk.brought_to("registration")
    for _ in range(20):
        assert "failed" not in run_due()
        clock.advance(hours=3)
    nik_authority.choose(NationalPopulation(urlsplit(ministry.url), "", within=0.5))
    run_due()
    assert certified(desk, session, ident) == NIK


def test_answered_twice_it_is_noted_once(desk: Any, session: Session, national: Ministry, run_due: Any) -> None:
    ident = desk.brought_to("registration")
    run_due()
    record = civil_records.record_by_number(session, desk.show(ident)["record_no"])
    due.schedule(session, awaited_niks.ASK, str(record.id), city_clock.now())
    session.commit()
    run_due()
    assert len(national.asked) == 1
    notes = desk.client.get("/v1/civil-records/1271-LU-12022026-0001", headers=desk.citizen()).json["marginal_notes"]
    assert len(notes) == 1


def test_a_nik_that_another_child_has_is_not_taken(desk: Any, session: Session, national: Ministry, run_due: Any) -> None:
    first = desk.brought_to("registration")
    run_due()
    other = {"name": "Rina Tarigan", "nik": "1271014502900009"}
    second = desk.brought_to("registration", child={"name": "Putri Ayu"}, mother=other)
    assert "failed" in run_due()
    assert signature(desk, second) == AWAITED and signature(desk, first) == (200, "")


def test_an_address_that_is_none_stops_the_start(config: Any) -> None:
    for url in ("siak.example", "ftp://siak.example", "https://"):
        with pytest.raises(SettingsError, match="NIK_AUTHORITY_URL"):
            nik_authority.configure(replace(config, extra={"NIK_AUTHORITY_URL": url, "NIK_AUTHORITY_TOKEN": ""}))
