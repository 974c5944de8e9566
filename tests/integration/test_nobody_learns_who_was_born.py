"""A birth from the hospital's notice to a corrected certificate, and a death: no name and no NIK in a log, an event, a metric or another office's table of the whole suite."""

from datetime import UTC, datetime, timedelta
from typing import Any

from smartcity.calendar import day_of
from tests.integration.city import PDF, City, until
from tests.integration.test_a_birth_certificate_from_home import BIRTH, PAPERS, step

MOTHER, FATHER, WITNESSES, DECEASED, CARD = (
    "1271015611930007", "1271010708910008", ("1271010102800011", "1271014303810012"), "1271010909440013", "1271010203190014",
)  # fmt: skip
WORDS = ("Ferdinandus", "Zebua", "Oktaviani", "Gulo", "Yarmanto", "Telaumbanua", "Halawa", "Klinik Cempaka Biru")
SECRETS = (MOTHER, FATHER, *WITNESSES, DECEASED, CARD, *WORDS)
PEOPLE = {
    "family_card_no": CARD, "mother": {"name": "Oktaviani Gulo", "nik": MOTHER, "born_on": "1993-11-16"},
    "father": {"name": "Yarmanto Zebua", "nik": FATHER, "born_on": "1991-08-07"},
    "reporter": {"name": "Oktaviani Gulo", "nik": MOTHER, "relation": "mother"},
    "witnesses": [{"name": "Telaumbanua", "nik": WITNESSES[0]}, {"name": "Halawa", "nik": WITNESSES[1]}],
}  # fmt: skip
DEATH = {
    "path": "with_letter", "kelurahan_code": "12.71.01.1001", **{name: PEOPLE[name] for name in ("family_card_no", "witnesses")},
    "deceased": {
        "name": "Yarmanto Halawa", "nik": DECEASED, "sex": "male", "born_on": "1944-09-09", "died_at": "21:40", "death_place_kind": "hospital",
        "death_city": "Medan",
    },
    "reporter": {"name": "Oktaviani Gulo", "nik": MOTHER, "relation": "child"},
}  # fmt: skip


def born(city: City) -> str:
    """A birth in the register, found again by its mother's NIK; its number."""
    day = (day_of(datetime.now(UTC)) - timedelta(days=9)).isoformat()
    child = {**BIRTH["child"], "name": "Ferdinandus Zebua", "born_on": day, "birth_place_name": "Klinik Cempaka Biru"}
    opened = city.act("/v1/birth-registrations", "siti", {**BIRTH, **PEOPLE, "child": child})
    assert opened.status_code == 201, opened.text
    path = f"/v1/birth-registrations/{opened.json()['id']}"
    papers(city, path, PAPERS)
    assert city.act(f"{path}/submission", "siti").status_code == 200
    for one in ("verification", "registration", "signature"):
        step(city, path, one)
    found = city.call("POST", "/v1/civil-records/searches", "registrar", json={"nik": MOTHER, "purpose": "counter_service"})
    (line,) = found.json()["items"]
    assert line["name"] == "Ferdinandus Zebua"
    return str(line["number"])


def papers(city: City, path: str, kinds: tuple[str, ...]) -> None:
    for kind in kinds:
        sent = city.call("POST", f"{path}/documents", "siti", data={"kind": kind}, files={"file": ("zebua.pdf", PDF, "application/pdf")})
        assert sent.status_code == 201, sent.text


def dead(city: City) -> None:
    day = (day_of(datetime.now(UTC)) - timedelta(days=4)).isoformat()
    said: dict[str, Any] = {**DEATH, "deceased": {**DEATH["deceased"], "died_on": day}}  # type: ignore[dict-item]
    opened = city.act("/v1/death-registrations", "siti", said)
    assert opened.status_code == 201, opened.text
    path = f"/v1/death-registrations/{opened.json()['id']}"
    papers(city, path, ("doctor_letter", "family_card", "identity_card"))
    assert city.act(f"{path}/submission", "siti").status_code == 200
    for one in ("verification", "registration", "signature"):
        step(city, path, one)


def refused(city: City) -> None:
    """What people get wrong, with numbers where none belong."""
    for path in (f"/v1/civil-records/{MOTHER}", f"/v1/birth-registrations?mine={DECEASED}", f"/v1/verify/{FATHER}"):
        assert 400 <= city.call("GET", path, "siti").status_code < 500
    wrong = {**BIRTH, **PEOPLE, "mother": {**PEOPLE["mother"], "nik": MOTHER[:-1]}}  # type: ignore[dict-item]
    assert city.act("/v1/birth-registrations", "siti", wrong).status_code == 422


def leaks(traces: dict[str, str]) -> set[tuple[str, str]]:
    return {(where, secret) for where, text in traces.items() for secret in SECRETS if secret.casefold() in text.casefold()}


def test_who_was_born_and_who_died_is_in_no_trace_of_the_whole_suite(talkative: City) -> None:
    city = talkative
    number = born(city)
    dead(city)
    refused(city)
    until(lambda: city.unsent("civil-registry") == 0)
    traces = city.at_rest("civil-registry", "identity")
    assert leaks(traces) == set()
    assert "birth.registered" in traces["events civil-registry"] and "death.registered" in traces["events civil-registry"]
    logged = "".join(text for where, text in traces.items() if where.startswith("log "))
    assert logged.count('"event": "request answered"') > 30 and sum(where.startswith("metrics") for where in traces) > 10
    assert number.startswith("1271-LU-")
    log = city.suite.place.logs / "planted.log"
    log.write_text(f'{{"event": "request answered", "path": "/v1/civil-records/{MOTHER}"}}\n')
    assert leaks(city.at_rest("civil-registry", "identity")) == {("log planted.log", MOTHER)}
