"""Who reported anonymously is planted in every field that takes it, and then looked for in every answer, log line, event, feed and row."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import g, request, request_finished
from sqlalchemy.orm import Session

from complaints.api import complaint_views, open311
from complaints.events import COMPLAINT_CLOSED_V1, TELLS
from complaints.model import facts
from complaints.use_cases import reporting
from complaints.use_cases.visibility import Level
from smartcity.events import Event
from smartcity.events.catalogue import Contract
from smartcity.http.app import CityFlask
from smartcity.http.openapi import operations
from smartcity.observability import configure_logs, log

REPORTER, OFFICE = "sub-of-the-reporter-7731", "SDABMBK"
NAME, CONTACT = "Tiurma Hutapea", "0813-7731-0000"
WHO = (REPORTER, NAME, "Hutapea", CONTACT)
WORDS = (
    "sebab saya korbannya",
    "rumah bercat jingga",
    "katanya saya cerewet",
    "tetangga mengenalinya",
    "Manurung",
    "0852-7731",
    "manurung@",
    "device-7731",
)
"""Words for the parties, and the name an application gave that did not ask for silence: the office may read them, everybody may not."""
HOLE = {
    "anonymous": True,
    "reporter_name": NAME,
    "reporter_contact": CONTACT,
    "text": "Lubang besar, sebab saya korbannya.",
    "landmark": "rumah bercat jingga",
}
FORM = {"first_name": "Rudi", "last_name": "Manurung", "phone": "0852-7731", "email": "manurung@example.org", "device_id": "device-7731"}
BOX = "?west=98&south=3&east=99&north=4"
QUERIES = {
    "list_complaints": ("", "?mine=true", "?followed=true", "?q=lubang", "?q=Hutapea", "?category=jalan_rusak"),
    "find_duplicates": ("?category=jalan_rusak&latitude=3.5796&longitude=98.6869",), "export_map": (BOX, f"{BOX}&zoom=3"),
    "show_complaint_figures": tuple(f"?by={by}" for by in ("office", "category", "kecamatan", "month")),
    "read_complaint_photo": ("", "?thumbnail=true"),
}  # fmt: skip
OF_THE_REPORTER = {"file_complaint", "open311_file", "open311_token"}
"""Operations whose answer goes to who files, or to who has the token; so do those under `track/`."""
NOT_FOR_THEM = {"track_complaint", "open311_token", "list_moderation_work", "take_my_data", "list_data_requests", "show_data_request"}
"""Operations that read, and have nothing for any of those who ask here."""


class Ear:
    """Hears every answer that goes to somebody else than the reporter and the coordinator.

    `tokens` open a complaint, `unread` names photos nobody of the city has looked at.
    """

    def __init__(self, app: CityFlask) -> None:
        self.app, self.heard, self.tokens, self.unread = app, list[tuple[str, str, tuple[str, ...]]](), list[str](), list[str]()
        request_finished.connect(self._hear, app)

    def _hear(self, app: CityFlask, response: Any) -> None:
        operation = (request.endpoint or "").rpartition(".")[2]
        actor = g.get("actor")
        entitled = actor is not None and (actor.sub == REPORTER or actor.has("coordinator") or actor.has("open311"))
        if entitled or operation in OF_THE_REPORTER or "/track/" in request.path or response.is_streamed:
            return
        reads_words = actor is not None and (actor.has("auditor") or actor.office == OFFICE)
        text = f"{response.headers}\n{response.get_data().decode(errors='replace')}"
        self.heard.append((operation, text, WHO if reads_words else (*WHO, *WORDS, *self.unread)))

    def said(self, where: str, text: str) -> None:
        """Something else that leaves the service, for everybody."""
        self.heard.append((where, text, (*WHO, *WORDS)))

    def leaks(self) -> set[str]:
        """Where a planted word was heard, or a token."""
        return {where for where, text, secrets in self.heard for secret in (*secrets, *self.tokens) if secret in text}


@pytest.fixture
def ear(app: CityFlask) -> Iterator[Ear]:
    configure_logs("complaints", "DEBUG")
    yield Ear(app)
    configure_logs("complaints", "ERROR")


def well(answer: Any) -> Any:
    assert answer.status_code < 400, answer.text
    return answer.json


def a_story(street: Any, ear: Ear, photograph: Any) -> dict[str, str]:
    """Filed with all that is planted, given back, repaired, reopened, repaired again, agreed to; one more without account, one by an application."""
    reporter = street.citizen(REPORTER)
    filed = street.file(reporter, **HOLE)
    ident = str(filed["id"])
    photo = well(street.photo(ident, reporter))["id"]
    for step in ("verification", "disposition", "return", "disposition", "follow-up"):
        well(street.step(ident, step))
    well(street.step(ident, "follow-up", {"note": "Hati-hati, tetangga mengenalinya.", "public": False}))
    well(street.step(ident, "answer"))
    well(street.act(ident, "reopening", {"note": "Belum, dan katanya saya cerewet."}, REPORTER))
    unread = well(street.photo(ident, reporter))["id"]
    well(street.step(ident, "answer"))
    well(street.act(ident, "acceptance", {"rating": 4}, REPORTER))
    survey = {"complaint_id": ident, "scores": {"time": 3}}
    well(street.client.post("/v1/satisfaction/surveys", json=survey, headers={**reporter, **street.key()}))
    for what in ("support", "followers"):
        well(street.client.post(street.path(ident, what), headers=street.citizen("budi")))
    nameless = street.file({}, **HOLE)
    for step in ("verification", "disposition"):
        well(street.step(nameless["id"], step))
    well(street.client.post(f"/v1/complaints/track/{nameless['follow_up_token']}/withdrawal", json={"reason_code": "solved"}))
    hidden = street.brought_to("disposition", headers=reporter, confidential=True, **HOLE)
    ear.unread.append(str(unread))
    ear.tokens += [filed["follow_up_token"], nameless["follow_up_token"]]
    form = {
        "api_key": "key-of-an-application",
        "service_code": "jalan_rusak",
        "address_id": "12.71.01.1001",
        "description": "Jalan retak panjang.\nsebab saya korbannya",
    }
    number = well(street.client.post("/open311/v2/requests.json", data={**form, **FORM, "media": photograph()}))[0]["service_request_id"]
    queue = well(street.client.get("/v1/work-queues/complaints", headers=street.staff("verification")))["items"]
    well(street.step(next(one["id"] for one in queue if one["number"] == number), "verification"))
    asked = well(street.client.post("/v1/me/data-requests", headers={**reporter, **street.key()}))["id"]
    ours = {"service": "complaints", "request_id": asked}
    return {"complaint_id": ident, "photo_id": str(photo), "number": number, "hidden": hidden, "unread": str(unread), **ours}


def lookers(street: Any) -> list[dict[str, str]]:
    """Everybody who may not know: nobody, another citizen, the office in charge, another office, an auditor."""
    return [
        {}, street.citizen("budi"), street.staff("answer"), street.as_("kadis", "head", office=OFFICE), street.staff("answer", "DISHUB"),
        street.as_("irma", "auditor"),
    ]  # fmt: skip


def walk(street: Any, known: dict[str, str]) -> tuple[set[str], set[str]]:
    """Every operation that reads, in every form, by every looker; answers the names of all, and of those that answered."""
    reads = {
        name: path
        for path, ways in street.client.get("/openapi.json").json["paths"].items()
        for name in operations({path: {way: one for way, one in ways.items() if way == "get"}})
    }
    answered = set()
    for name, path in reads.items():
        for values in places(name, known):
            for query in QUERIES.get(name, ("",)):
                for looker in lookers(street):
                    answer = street.client.get(path.format_map(values) + query, headers=looker)
                    assert answer.status_code < 500, answer.text
                    answered |= {name} if answer.status_code == 200 else set()
    return set(reads), answered


def places(name: str, known: dict[str, str]) -> list[dict[str, str]]:
    """What stands in a path: the planted complaints, their photos, both forms; no token, which is the reporter's."""
    ways = [
        {**known, "token": "guessed", "code": "statistics" if name == "show_data_set" else "jalan_rusak", "form": form}
        for form in ("json", "xml")
    ]
    if name.startswith("open311"):
        return ways
    other = [{**ways[0], "complaint_id": known["hidden"]}, {**ways[0], "photo_id": known["unread"]}]
    return [ways[0], *(other if "complaint" in name or "photo" in name or "timeline" in name else [])]


def listen(street: Any, ear: Ear, told: Any, session: Session, photograph: Any, run_due: Any, capsys: Any) -> tuple[set[str], set[str]]:
    """The story, the walk, and what else leaves the service."""
    known = a_story(street, ear, photograph)
    run_due()
    walked = walk(street, known)
    ear.said("event", json.dumps(told(), ensure_ascii=False))
    ear.said("metrics", street.client.get("/metrics").text)
    logged = capsys.readouterr()
    assert '"event": "request answered"' in logged.out
    ear.said("log", logged.out + logged.err)
    people = session.execute(sa.text("SELECT id, reporter_name, reporter_contact, follow_up_index FROM complaint")).all()
    ear.said("row", repr([row[1:] for row in people]))
    return walked


def test_who_reported_is_in_no_answer_log_event_feed_or_row(
    street: Any, ear: Ear, told: Any, session: Session, photograph: Any, run_due: Any, capsys: Any
) -> None:
    reads, answered = listen(street, ear, told, session, photograph, run_due, capsys)
    assert ear.leaks() == set()
    assert reads - answered == NOT_FOR_THEM
    heard = {where for where, _, _ in ear.heard}
    assert reads - OF_THE_REPORTER - {"track_complaint"} <= heard, "every operation that reads was asked by somebody who may not know"
    assert {"event", "log", "metrics", "row", "answer_complaint", "return_complaint", "support_complaint"} <= heard


def in_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(complaint_views.SHOWN, Level.PUBLIC, complaint_views.ALL_FIELDS)  # type: ignore[arg-type]


def in_open311(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = open311.request_view
    monkeypatch.setattr(open311, "request_view", lambda one, *more: {**shown(one, *more), "zipcode": one.reporter_contact})


def in_a_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaints.api.feeds.office_name", lambda _: NAME)


def in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    accept = reporting.accept

    def talkative(session: Session, complaint: Any, *more: Any) -> Any:
        log.info("accepted", reason=complaint.reporter_name)
        return accept(session, complaint, *more)

    monkeypatch.setattr(reporting, "accept", talkative)


def in_an_event(monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the contract, which would have refused it."""
    monkeypatch.setattr(Contract, "check", lambda *_, **__: None)

    def closed(fact: facts.ComplaintClosed) -> Event:
        return Event(COMPLAINT_CLOSED_V1, subject=fact.complaint_id, data={**vars(fact), "by": NAME})

    monkeypatch.setitem(TELLS, facts.ComplaintClosed, closed)  # type: ignore[arg-type]


LEAKS = {
    "show_complaint": in_the_list, "open311_requests": in_open311, "read_complaints_feed": in_a_feed, "log": in_the_log, "event": in_an_event,
}  # fmt: skip


def test_planted_leaks_are_found_where_they_are(
    street: Any, ear: Ear, told: Any, session: Session, photograph: Any, run_due: Any, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for plant in LEAKS.values():
        plant(monkeypatch)
    listen(street, ear, told, session, photograph, run_due, capsys)
    assert set(LEAKS) <= ear.leaks()
