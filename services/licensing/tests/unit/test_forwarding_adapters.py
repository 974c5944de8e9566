"""Both ways to a national system: folders that really are there or not, and a recorded server that says all it may say."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from licensing.model.permit_forwarding import ForwardingStatus
from licensing.use_cases.forwarding_by_file import Folders
from licensing.use_cases.forwarding_by_http import Over
from licensing.use_cases.national_systems import Answer, SystemAway
from smartcity.testing.stand_in import Asked, serving

NUMBER = "503/PBG/2026/000001"
NAME = "503%2FPBG%2F2026%2F000001.json"
CONTENT = {"permit_no": NUMBER, "holder_name": "Budi Siregar"}
ACKNOWLEDGED, FORWARDED, REFUSED = ForwardingStatus.ACKNOWLEDGED, ForwardingStatus.FORWARDED, ForwardingStatus.REFUSED


@pytest.fixture
def share(tmp_path: Path) -> Path:
    """A mounted share with its two folders."""
    for name in ("outbox", "inbox"):
        (tmp_path / name).mkdir()
    return tmp_path


def told(share: Path, **said: Any) -> None:
    (share / "inbox" / NAME).write_text(json.dumps({"permit_no": NUMBER, **said}))


def test_a_permit_is_one_whole_file_that_only_its_owner_and_group_read(share: Path) -> None:
    assert Folders(str(share)).send(NUMBER, CONTENT) == Answer(FORWARDED)
    (file,) = (share / "outbox").iterdir()
    assert (file.name, json.loads(file.read_text()), file.stat().st_mode & 0o007) == (NAME, CONTENT, 0)


def test_sent_twice_it_is_there_once_and_as_it_was(share: Path) -> None:
    Folders(str(share)).send(NUMBER, CONTENT)
    Folders(str(share)).send(NUMBER, {**CONTENT, "holder_name": "Siti"})
    (file,) = (share / "outbox").iterdir()
    assert json.loads(file.read_text()) == CONTENT


@pytest.mark.parametrize("missing", ["outbox", "inbox"])
def test_a_share_that_is_not_mounted_is_a_system_that_is_away(share: Path, missing: str) -> None:
    (share / missing).rmdir()
    with pytest.raises(SystemAway, match=f"{missing}-missing"):
        Folders(str(share)).send(NUMBER, CONTENT)
    assert not list(share.glob("*/*"))


def test_the_inbox_says_what_came_of_it(share: Path) -> None:
    folders = Folders(str(share))
    assert folders.ask(NUMBER) is None
    told(share, status="acknowledged", reference="SIMBG-77")
    assert folders.ask(NUMBER) == Answer(ACKNOWLEDGED, "SIMBG-77")
    told(share, status="refused", reason="nib-unknown")
    assert folders.ask(NUMBER) == Answer(REFUSED, reason="nib-unknown")


def test_what_the_inbox_says_already_is_not_sent_again(share: Path) -> None:
    told(share, status="acknowledged")
    assert Folders(str(share)).send(NUMBER, CONTENT) == Answer(ACKNOWLEDGED)
    assert not list((share / "outbox").iterdir())


@pytest.mark.parametrize(
    "said", ["", "{", "[]", '{"status": "acknowledged"}', '{"permit_no": "other", "status": "acknowledged"}', f'{{"permit_no": "{NUMBER}"}}',
             f'{{"permit_no": "{NUMBER}", "status": "lost"}}'],
)  # fmt: skip
def test_an_answer_that_cannot_be_read_counts_for_nothing(share: Path, said: str) -> None:
    (share / "inbox" / NAME).write_text(said)
    with pytest.raises(SystemAway, match="answer-unreadable"):
        Folders(str(share)).ask(NUMBER)


def test_sentences_of_the_system_are_not_kept(share: Path) -> None:
    told(share, status="refused", reason="Budi Siregar tidak dikenal")
    assert Folders(str(share)).ask(NUMBER) == Answer(REFUSED)


@dataclass
class Recorded:
    """A server that answers as told, and what it was asked."""

    status: int = 200
    body: bytes = b"{}"
    hangs: bool = False
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    def over(self, token: str = "", within: float = 5.0) -> Over:
        return Over(urlsplit(f"{self.url}/api/"), token, within)


@pytest.fixture
def recorded() -> Iterator[Recorded]:
    told = Recorded()

    def answer(asked: Asked) -> tuple[int, bytes] | None:
        told.asked.append((asked.method, asked.path, dict(asked.headers), asked.body))
        return None if told.hangs else (told.status, told.body)

    with serving(answer) as told.url:
        yield told


def test_a_permit_is_put_under_its_number_with_the_city_s_token(recorded: Recorded) -> None:
    recorded.over("secret").send(NUMBER, CONTENT)
    ((method, path, headers, body),) = recorded.asked
    assert (method, path) == ("PUT", "/api/permits/503%2FPBG%2F2026%2F000001")
    assert (headers["Authorization"], json.loads(body)) == ("Bearer secret", CONTENT)


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (200, {"reference": "S-1"}, Answer(ACKNOWLEDGED, "S-1")),
        (201, None, Answer(ACKNOWLEDGED)),
        (202, {"reference": "S-1"}, Answer(FORWARDED, "S-1")),
        (409, {"reference": "S-1"}, Answer(ACKNOWLEDGED, "S-1")),
        (422, {"reason": "nib-unknown"}, Answer(REFUSED, reason="nib-unknown")),
        (422, {"reason": "Budi Siregar is unknown"}, Answer(REFUSED, reason="refused")),
    ],
)
def test_every_answer_has_its_meaning(recorded: Recorded, status: int, body: Any, answer: Answer) -> None:
    recorded.status, recorded.body = status, json.dumps(body).encode() if body else b""
    assert recorded.over().send(NUMBER, CONTENT) == answer


@pytest.mark.parametrize("status", [302, 400, 401, 404, 429, 500, 502, 503])
def test_every_other_answer_is_a_system_that_is_away(recorded: Recorded, status: int) -> None:
    recorded.status = status
    with pytest.raises(SystemAway, match=f"status-{status}"):
        recorded.over().send(NUMBER, CONTENT)
    assert len(recorded.asked) == 1, "no redirect is followed"


def test_a_system_that_does_not_answer_is_given_up(recorded: Recorded) -> None:
    recorded.hangs = True
    with pytest.raises(SystemAway, match="timed-out"):
        recorded.over(within=0.2).send(NUMBER, CONTENT)


def test_a_system_that_is_not_there_is_away(recorded: Recorded) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        recorded.url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(SystemAway, match="unreachable"):
        recorded.over().send(NUMBER, CONTENT)


def test_an_answer_without_end_is_not_read(recorded: Recorded) -> None:
    recorded.body = b"x" * 1_000_000
    with pytest.raises(SystemAway, match="answer-unreadable"):
        recorded.over().send(NUMBER, CONTENT)


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (404, {}, None),
        (200, {"status": "forwarded"}, Answer(FORWARDED)),
        (200, {"status": "acknowledged", "reference": "S-1"}, Answer(ACKNOWLEDGED, "S-1")),
        (200, {"status": "refused", "reason": "nib-unknown"}, Answer(REFUSED, reason="nib-unknown")),
    ],
)
def test_what_came_of_it_is_asked_by_its_number(recorded: Recorded, status: int, body: Any, answer: Answer | None) -> None:
    recorded.status, recorded.body = status, json.dumps(body).encode()
    assert recorded.over().ask(NUMBER) == answer
    assert recorded.asked[0][:2] == ("GET", "/api/permits/503%2FPBG%2F2026%2F000001")


@pytest.mark.parametrize(("status", "body", "reason"), [(500, b"{}", "status-500"), (200, b"<html>", "answer-unreadable")])
def test_nonsense_for_an_answer_is_asked_again_later(recorded: Recorded, status: int, body: bytes, reason: str) -> None:
    recorded.status, recorded.body = status, body
    with pytest.raises(SystemAway, match=reason):
        recorded.over().ask(NUMBER)
