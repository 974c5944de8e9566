"""A shop with its permit, and the head of the office."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.test import TestResponse

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
