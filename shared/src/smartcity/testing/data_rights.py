"""A person asks an office for what it has of them, and to correct it: for the tests of every service that has something."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from smartcity.testing.examples import Recorder

MINE = "/v1/me/data-requests"


@dataclass(frozen=True)
class People:
    """Their headers: of whom the service has something, of whom it has little or nothing (so that the example is short), and who answers."""

    person: dict[str, str]
    stranger: dict[str, str]
    officer: dict[str, str]


def played(recorder: Recorder, service: str, people: People, run_due: Callable[[], Any]) -> dict[str, Any]:
    """Every operation once, all well; answers the records of the person's copy by kind."""
    person, officer = people.person, people.officer
    records, _ = (_copy(recorder, service, who, run_due) for who in (person, people.stranger))
    wrong = recorder.post(f"{MINE}/{service}", person, json={"about": "data saya", "wish": "Nama saya kurang satu huruf."})["id"]
    recorder.get(MINE, person)
    path = f"/v1/work-queues/{service}/data-requests"
    recorder.get(path, officer)
    recorder.get(f"{path}/{wrong}", officer)
    recorder.post(f"{path}/{wrong}/answer", {**officer, "If-Match": '"1"'}, json={"outcome": "done", "reason": "Sudah dibetulkan."})
    return records


def _copy(recorder: Recorder, service: str, who: dict[str, str], run_due: Callable[[], Any]) -> dict[str, Any]:
    asked = recorder.post(MINE, who)["id"]
    run_due()
    return dict(recorder.get(f"{MINE}/{service}/{asked}", who)["records"])
