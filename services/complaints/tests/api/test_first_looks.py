"""A machine may look first: it can put a complaint or a photo before a person, with its reason; it shows, hides and deletes nothing."""

import base64
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlalchemy.orm import Session

from complaints.model.first_look import FirstLook
from complaints.use_cases import first_looks, moderator
from complaints.use_cases.moderator_over_http import OverHttp
from smartcity import clock as city_clock
from smartcity.settings import SettingsError
from smartcity.testing.stand_in import Asked, serving

QUEUE = "/v1/work-queues/complaints/moderation"
NOTHING: tuple[int, bytes] = (200, b'{"reasons": []}')


def doubting(*reasons: str) -> tuple[int, bytes]:
    return 200, json.dumps({"reasons": reasons}).encode()


@dataclass
class Machine:
    """A moderator of a test: what it answers next, and what it was shown."""

    url: str = ""
    answers: list[tuple[int, bytes] | None] = field(default_factory=list)
    shown: list[dict[str, Any]] = field(default_factory=list)
    bearers: set[str] = field(default_factory=set)


@pytest.fixture
def machine(app: Any) -> Iterator[Machine]:
    """One that the service's processes are set to (after they have begun with their own settings)."""
    made = Machine()

    def answer(asked: Asked) -> tuple[int, bytes] | None:
        made.shown.append({"path": asked.path, **json.loads(asked.body)})
        made.bearers.add(asked.headers["Authorization"])
        return made.answers.pop(0) if made.answers else NOTHING

    with serving(answer) as url:
        made.url = f"{url}/moderator/"
        moderator.choose(OverHttp(urlsplit(made.url), "rahasia", within=0.5))
        yield made
        moderator.choose(None)
        first_looks.rest.end()


def queued(street: Any) -> list[dict[str, Any]]:
    return list(street.client.get(QUEUE, headers=street.staff("verification")).json["items"])


def told_to_settle(street: Any, ident: str, *path: str, **body: str) -> Any:
    return street.client.post(street.path(ident, *path), json=body, headers={**street.staff("verification"), **street.etag(ident)})


def looked_at(run_due: Any, clock: Any) -> None:
    """What is due, then what waited until its photo was made anew."""
    run_due()
    clock.advance(seconds=3)
    assert "failed" not in run_due()


def public_photos(street: Any, ident: str) -> list[str]:
    return [photo["id"] for photo in street.client.get(street.path(ident)).json["photos"]]


def test_words_in_doubt_wait_for_a_person_with_the_reason_and_nothing_else_changes(street: Any, machine: Machine, run_due: Any) -> None:
    machine.answers = [doubting("abusive", "names-somebody")]
    ident = street.brought_to("verification", reporter_name="Tiurma", reporter_contact="0813-7731")
    before = street.client.get(street.path(ident)).json
    assert queued(street) == [] and machine.shown == [], "filing and reading wait for no machine"
    run_due()
    (shown,) = machine.shown
    assert (shown["path"], shown["kind"], shown["title"], machine.bearers) == (
        "/moderator/looks",
        "words",
        before["title"],
        {"Bearer rahasia"},
    )
    assert set(shown) == {"path", "reference", "kind", "title", "address", "text"}, "never who reported"
    (line,) = queued(street)
    (doubt,) = line["doubts"]
    assert (line["id"], doubt["photo_id"], [reason["code"] for reason in doubt["reasons"]]) == (ident, None, ["abusive", "names-somebody"])
    assert doubt["reasons"][0]["label"] == "Kata-kata kasar"
    public = street.client.get(street.path(ident))
    assert public.json == before and "abusive" not in public.text and "doubts" not in public.text


def test_a_person_settles_it_with_other_words_or_leaves_them(street: Any, machine: Machine, run_due: Any) -> None:
    machine.answers = [doubting("abusive"), doubting("abusive")]
    reworded, left = street.brought_to("verification"), street.brought_to("verification")
    run_due()
    assert {line["id"] for line in queued(street)} == {reworded, left}
    assert told_to_settle(street, reworded, "wording", title="Lubang di jalan").status_code == 200
    steps = len(street.show(left)["timeline"])
    assert told_to_settle(street, left, "wording").status_code == 200
    assert queued(street) == []
    assert len(street.show(left)["timeline"]) == steps, "words that are left leave no line"
    assert street.show(reworded)["timeline"][-1]["event"] == "reworded"


def test_a_photo_in_doubt_is_not_shown_by_the_verification_and_waits_for_its_own_look(
    street: Any, machine: Machine, run_due: Any, clock: Any
) -> None:
    machine.answers = [NOTHING, doubting("face"), NOTHING]
    ident = street.file()["id"]
    doubted, fine = (street.photo(ident, street.citizen()).json["id"] for _ in range(2))
    looked_at(run_due, clock)
    (line,) = queued(street)
    assert [doubt["photo_id"] for doubt in line["doubts"]] == [doubted], "even before it is verified"
    picture = Image.open(io.BytesIO(base64.b64decode(machine.shown[1]["content"])))
    assert (machine.shown[1]["kind"], machine.shown[1]["media_type"], picture.size) == ("photo", "image/jpeg", (64, 48))
    street.step(ident, "verification")
    assert public_photos(street, ident) == [fine]
    assert told_to_settle(street, ident, "photos", doubted, "review", decision="shown").status_code == 200
    assert (public_photos(street, ident), queued(street)) == ([doubted, fine], [])


def test_the_offices_proof_stays_shown_until_a_person_hides_it(street: Any, machine: Machine, run_due: Any, clock: Any) -> None:
    ident = street.brought_to("answer")
    machine.answers = [NOTHING, doubting("number-plate")]
    looked_at(run_due, clock)
    (line,) = queued(street)
    photo = line["doubts"][0]["photo_id"]
    assert public_photos(street, ident) == [photo], "a machine hides nothing"
    assert told_to_settle(street, ident, "photos", photo, "review", decision="hidden").status_code == 200
    assert (public_photos(street, ident), queued(street)) == ([], [])


def test_a_reason_without_a_word_here_is_looked_at_all_the_same(street: Any, machine: Machine, run_due: Any) -> None:
    machine.answers = [(200, b'{"reasons": ["weapon", 7]}')]
    street.file()
    run_due()
    assert [reason["code"] for reason in queued(street)[0]["doubts"][0]["reasons"]] == ["other"]


@pytest.mark.parametrize("away", [
    (503, b""), (500, b"{"), (404, b"{}"), (301, b""), (201, b'{"reasons": []}'), (200, b"not json"), (200, b"[]"), (200, b'{"reasons": "face"}'),
    (200, b"x" * 20_000), None,
])  # fmt: skip
def test_away_slow_or_not_to_be_understood_it_is_asked_again(
    street: Any, machine: Machine, run_due: Any, clock: Any, session: Session, away: tuple[int, bytes] | None
) -> None:
    machine.answers = [away, away, doubting("abusive")]
    ident = street.file()["id"]
    assert "failed" not in run_due() and len(machine.shown) == 1
    clock.advance(seconds=31)
    run_due()
    assert len(machine.shown) == 2 and first_looks.longest_wait(session, city_clock.now()) >= 31
    clock.advance(seconds=61)
    run_due()
    assert [line["id"] for line in queued(street)] == [ident] and len({one["reference"] for one in machine.shown}) == 1
    assert first_looks.longest_wait(session, city_clock.now()) == 0


def test_away_it_is_left_alone_whatever_is_filed_and_no_deadline_waits_for_it(
    street: Any, machine: Machine, run_due: Any, clock: Any, told: Any
) -> None:
    machine.answers = [(503, b"")] * 4
    for _ in range(5):
        street.file()
    run_due()
    assert len(machine.shown) == 1, "the other four are not tried in vain"
    for _ in range(3):
        clock.advance(minutes=5)
        run_due()
    assert len(machine.shown) == 4
    clock.advance(days=9)
    run_due()
    assert len(told("complaints.complaint.escalated.v1")) >= 5
    assert len({one["reference"] for one in machine.shown}) == 5, "and it has seen all of them"


def test_answered_twice_it_is_noted_once_and_what_a_person_has_settled_stays_settled(
    street: Any, machine: Machine, run_due: Any, session: Session
) -> None:
    ident = street.file()["id"]
    assert told_to_settle(street, ident, "wording").status_code == 200
    run_due()
    assert machine.shown == [], "a person was faster"
    machine.answers = [doubting("abusive")]
    other = street.file()["id"]
    run_due()
    look = session.scalars(sa.select(FirstLook).where(FirstLook.complaint_id == UUID(other))).one()
    first_looks.take(session, str(look.id), datetime.now(look.queued_at.tzinfo))
    assert len(machine.shown) == 1


def test_a_person_who_decides_while_the_machine_looks_has_decided(street: Any, machine: Machine, run_due: Any, monkeypatch: Any) -> None:
    ident = street.file()["id"]
    look = OverHttp.look

    def slowly(*asked: Any) -> Any:
        assert told_to_settle(street, ident, "wording").status_code == 200
        return look(*asked)

    monkeypatch.setattr(OverHttp, "look", slowly)
    machine.answers = [doubting("abusive")]
    assert "failed" not in run_due()
    assert len(machine.shown) == 1 and queued(street) == []


def test_what_is_added_is_looked_at_and_what_nobody_will_see_is_not(street: Any, machine: Machine, run_due: Any) -> None:
    hidden = street.file(confidential=True)["id"]
    street.photo(hidden, street.citizen())
    run_due()
    assert machine.shown == []
    ident = street.file()["id"]
    street.step(ident, "verification", {"result": "needs_completion", "note": "Nomor berapa?"})
    street.act(ident, "completion", {"text": "Di depan nomor 40."})
    run_due()
    assert [one["kind"] for one in machine.shown] == ["words", "words"] and machine.shown[-1]["text"].endswith("Di depan nomor 40.")


def test_without_a_moderator_nothing_is_queued_and_nothing_waits(street: Any, session: Session) -> None:
    street.file()
    assert session.scalar(sa.select(sa.func.count()).select_from(FirstLook)) == 0
    assert first_looks.longest_wait(session, city_clock.now()) == 0


def test_switched_off_what_waits_is_no_alarm_and_is_looked_at_when_it_is_on_again(
    street: Any, machine: Machine, run_due: Any, clock: Any, session: Session
) -> None:
    named = moderator.named()
    street.file()
    moderator.choose(None)
    assert "failed" not in run_due()
    clock.advance(days=2)
    assert first_looks.longest_wait(session, city_clock.now()) == 0
    moderator.choose(named)
    run_due()
    assert len(machine.shown) == 1


def test_an_address_that_is_none_stops_the_start(config: Any) -> None:
    for url in ("moderator.example", "ftp://moderator.example", "https://"):
        with pytest.raises(SettingsError, match="MODERATOR_URL"):
            moderator.configure(replace(config, extra={"MODERATOR_URL": url, "MODERATOR_TOKEN": ""}))
    moderator.configure(replace(config, extra={"MODERATOR_URL": "", "MODERATOR_TOKEN": ""}))
    assert moderator.named() is None
