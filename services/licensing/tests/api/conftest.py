"""A shop with its permit, the head of the office, and a share through which the national systems are told."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from licensing.use_cases import national_systems
from smartcity.settings import Settings

SHOP = {"permit_type": "TOKO", "answers": {"nama_usaha": "Toko Sinar", "jenis_usaha": "toko", "luas_m2": "24"}}
ISSUED = datetime(2026, 11, 24, 3, tzinfo=UTC)  # the permit ends on 24 November 2031
NOTICE = {"reason_code": "duty-not-kept", "text": "Trotoar dipakai berjualan; kosongkan."}


@dataclass
class Head:
    """What the head does about a permit, and the holder with it."""

    desk: Any

    def act(self, permit: dict[str, Any], step: str, body: Any = None, role: str = "head") -> TestResponse:
        """The step with the ETag of now."""
        headers = self.desk.as_("kadis", role, office="DPMPTSP")
        etag = self.desk.client.get(f"/v1/permits/{permit['id']}", headers=headers).headers.get("ETag", "*")
        answer: TestResponse = self.desk.client.post(f"/v1/permits/{permit['id']}/{step}", json=body, headers={**headers, "If-Match": etag})
        return answer

    def ask(self, permit: dict[str, Any], step: str, who: str = "budi", body: Any = None) -> TestResponse:
        """The holder's step."""
        headers = {**self.desk.citizen(who), **self.desk.key()}
        answer: TestResponse = self.desk.client.post(f"/v1/permits/{permit['id']}/{step}", json=body, headers=headers)
        return answer

    def permit(self, ident: str) -> dict[str, Any]:
        """The permit as its holder sees it."""
        return dict(self.desk.client.get(f"/v1/permits/{ident}", headers=self.desk.citizen()).json)

    def standing(self, permit: dict[str, Any]) -> str:
        """What anyone reads who opens its QR code."""
        return str(self.desk.client.get(f"/v1/verify/{permit['verify_code']}").json["standing"])

    def brought_to_issue(self, ident: str) -> dict[str, Any]:
        """The permit of a shop's draft that has its documents."""
        for step in ("submission", "completeness", "examinations", "approval"):
            answer = self.desk.step(ident, step)
            assert answer.status_code < 300, (step, answer.json)
        fixed = self.desk.step(ident, "assessment", {"inputs": {}})
        assert fixed.status_code == 200, fixed.json
        return self.permit(self.desk.show(ident)["permit_id"])


@pytest.fixture
def head(desk: Any) -> Head:
    return Head(desk)


@pytest.fixture
def a_shop(desk: Any, head: Head, clock: Any) -> Callable[..., dict[str, Any]]:
    """The permit of a shop of budi's, issued on 24 November 2026."""

    def issued(**other: Any) -> dict[str, Any]:
        clock.set(ISSUED)
        ident = desk.open(**{**SHOP, **other})
        assert desk.upload(ident, "place_of_business").status_code == 201
        return head.brought_to_issue(ident)

    return issued


@pytest.fixture
def notice() -> dict[str, str]:
    return dict(NOTICE)


class Share:
    """Where a national system fetches and brings: two folders, not mounted yet."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.outbox, self.inbox = folder, folder / "outbox", folder / "inbox"

    def mount(self) -> None:
        for folder in (self.outbox, self.inbox):
            folder.mkdir(parents=True)

    def fetched(self) -> list[str]:
        """What lies in the outbox, as it is written there."""
        return [file.read_text() for file in self.outbox.iterdir()]

    def bring(self, permit: dict[str, Any], **said: Any) -> None:
        """The answer of the system to the one permit whose file lies in the outbox."""
        (file,) = self.outbox.iterdir()
        (self.inbox / file.name).write_text(json.dumps({"permit_no": permit["number"], **said}))

    def clear(self) -> None:
        for file in self.folder.glob("*/*"):
            file.unlink()


@pytest.fixture
def share(app: Any, config: Settings, tmp_path: Path) -> Share:
    """The share of both systems."""
    found = Share(tmp_path / "national")
    urls = {f"{name}_URL": f"file://{found.folder}" for name in national_systems.SYSTEMS}
    national_systems.configure(replace(config, extra={**config.extra, **urls}))
    return found


@pytest.fixture
def ask_office(desk: Any) -> Any:
    """Asks as an officer: a GET of the path."""

    def ask(path: str, role: str = "officer", office: str | None = "DPMPTSP") -> Any:
        return desk.client.get(f"/v1/permits/{path}", headers=desk.as_("sri", role, office=office))

    return ask


@pytest.fixture
def standing(ask_office: Any) -> Callable[..., dict[str, Any]]:
    """How far a permit has come."""
    return lambda permit: dict(ask_office(f"{permit['id']}/forwarding").json)


@pytest.fixture
def mend(desk: Any, ask_office: Any) -> Any:
    """An officer's word about a permit's forwarding."""

    def say(permit: dict[str, Any], action: str, role: str = "officer", **more: Any) -> Any:
        path = f"{permit['id']}/forwarding"
        headers = {**desk.as_("sri", role, office="DPMPTSP"), "If-Match": ask_office(path).headers["ETag"]}
        return desk.client.post(f"/v1/permits/{path}", json={"action": action, "reason": "Dicek di OSS.", **more}, headers=headers)

    return say
