"""A person asks an office for what it has of them, and to correct it: for the tests of every service that has something."""

from collections.abc import Callable
from typing import Any

from smartcity.testing.examples import Recorder

MINE = "/v1/me/data-requests"


def played(recorder: Recorder, service: str, person: dict[str, str], officer: dict[str, str], run_due: Callable[[], Any]) -> dict[str, Any]:
    """Every operation once, all well; answers the records of the person's copy by kind. The example keeps the kinds and no row."""
    asked = recorder.post(MINE, person)["id"]
    run_due()
    records = dict(recorder.get(f"{MINE}/{service}/{asked}", person)["records"])
    recorder.heard["take_my_data"]["answer"] |= {"records": {kind: [] for kind in records}, "looks": []}
    wrong = recorder.post(f"{MINE}/{service}", person, json={"about": "data saya", "wish": "Nama saya kurang satu huruf."})["id"]
    recorder.get(MINE, person)
    path = f"/v1/work-queues/{service}/data-requests"
    recorder.get(path, officer)
    recorder.get(f"{path}/{wrong}", officer)
    recorder.post(f"{path}/{wrong}/answer", {**officer, "If-Match": '"1"'}, json={"outcome": "done", "reason": "Sudah dibetulkan."})
    return records
