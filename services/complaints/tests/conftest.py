"""Complaints under test: its people, and a street with a hole in it."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID
from xml.etree.ElementTree import Element, fromstring

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from complaints.service import SERVICE
from smartcity.service import Service

pytest_plugins = ["smartcity.testing.plugin"]

HOLE = {
    "category": "jalan_rusak", "title": "Lubang besar di tengah jalan", "text": "Sudah dua minggu, sepeda motor jatuh setiap malam.",
    "kelurahan_code": "12.71.01.1001", "address": "Jalan Sisingamangaraja 40", "latitude": 3.5796, "longitude": 98.6869,
}  # fmt: skip
ROOT = "/open311/v2"
KEY = "key-of-an-application"
POTHOLE = {
    "service_code": "jalan_rusak", "lat": "3.5796", "long": "98.6869", "address_string": "Jalan Sisingamangaraja 40",
    "attribute[kelurahan_code]": "12.71.01.1001", "description": "Lubang besar di tengah jalan.\nHubungi Siti di 0811-2222.",
    "first_name": "Siti", "last_name": "Lubis", "email": "siti@example.org", "phone": "0811-2222", "device_id": "tt222111", "account_id": "123456",
}  # fmt: skip
STAFF = {
    "verification": ("citra", "coordinator", "DISKOMINFO"), "disposition": ("citra", "coordinator", "DISKOMINFO"),
    "return": ("ramli", "officer", "SDABMBK"), "follow-up": ("ramli", "officer", "SDABMBK"), "answer": ("ramli", "officer", "SDABMBK"),
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "verification": {"result": "verified"}, "disposition": {}, "return": {"note": "Ini jalan nasional."},
    "follow-up": {"note": "Regu berangkat besok."}, "answer": {"text": "Lubang telah ditutup aspal."},
}  # fmt: skip
PATH = ["verification", "disposition", "follow-up", "answer"]


@pytest.fixture(scope="session")
def service() -> Service:
    return SERVICE


@pytest.fixture(scope="session")
def extra_settings() -> dict[str, str]:
    return {"OPEN311_API_KEYS": f"other:{'0' * 64} an-app:{hashlib.sha256(b'key-of-an-application').hexdigest()}"}


@pytest.fixture
def photograph() -> Callable[..., Any]:
    """A part of a form that is a photo, or says it is."""
    return lambda content=b"": (io.BytesIO(content or picture()), "foto.jpg", "image/jpeg")


def picture(kind: str = "JPEG") -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 90, 90)).save(out, kind)
    return out.getvalue()


@dataclass
class Street:
    """Everybody around a complaint, through the API."""

    client: FlaskClient
    as_: Callable[..., dict[str, str]]
    key: Callable[[], dict[str, str]]

    def citizen(self, name: str = "siti") -> dict[str, str]:
        return self.as_(name, "citizen")

    def staff(self, step: str, office: str = "") -> dict[str, str]:
        name, role, own = STAFF[step]
        return self.as_(name, role, office=office or own)

    def filing(self, headers: dict[str, str] | None = None, **other: Any) -> TestResponse:
        sent = {**(self.citizen() if headers is None else headers), **self.key()}
        return self.client.post("/v1/complaints", json={**HOLE, **other}, headers=sent)

    def file(self, headers: dict[str, str] | None = None, **other: Any) -> dict[str, Any]:
        answer = self.filing(headers, **other)
        assert answer.status_code == 201, answer.text
        return dict(answer.json)

    def path(self, ident: str, *more: str) -> str:
        return "/".join((f"/v1/complaints/{ident}", *more))

    def etag(self, ident: str) -> dict[str, str]:
        answer = self.client.get(self.path(ident), headers=self.as_("citra", "coordinator", office="DISKOMINFO"))
        return {"If-Match": answer.headers["ETag"]}

    def step(self, ident: str, step: str, body: dict[str, Any] | None = None, office: str = "") -> TestResponse:
        if step == "answer" and body is None:
            self.photo(ident, {**self.staff("answer", office), **self.etag(ident)})
        headers = {**self.staff(step, office), **self.etag(ident)}
        return self.client.post(self.path(ident, step), json=BODIES[step] if body is None else body, headers=headers)

    def brought_to(self, last: str, **other: Any) -> str:
        """A complaint that has gone every step up to `last`."""
        ident = str(self.file(**other)["id"])
        for step in PATH[: PATH.index(last) + 1]:
            answer = self.step(ident, step)
            assert answer.status_code == 200, (step, answer.text)
        return ident

    def photo(self, ident: str, headers: dict[str, str], content: bytes = b"", name: str = "foto.jpg") -> TestResponse:
        files = {"file": (io.BytesIO(content or picture()), name, "image/jpeg")}
        return self.client.post(self.path(ident, "photos"), data=files, headers=headers, content_type="multipart/form-data")

    def act(self, ident: str, action: str, body: dict[str, Any], who: str = "siti") -> TestResponse:
        return self.client.post(self.path(ident, action), json=body, headers=self.citizen(who))

    def show(self, ident: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        answer = self.client.get(self.path(ident), headers=self.citizen() if headers is None else headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json)


@pytest.fixture
def street(client: FlaskClient, as_: Callable[..., dict[str, str]], key: Callable[[], dict[str, str]]) -> Street:
    return Street(client, as_, key)


@pytest.fixture
def hole() -> dict[str, Any]:
    return dict(HOLE)


@pytest.fixture
def subject() -> Callable[[str], UUID]:
    return UUID


class Application:
    """An application that speaks GeoReport, with its key."""

    POTHOLE = POTHOLE

    def __init__(self, street: Any) -> None:
        self.street, self.client, self.devices = street, street.client, count(1)

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(f"{ROOT}/{path}", query_string=query or None)

    def json(self, path: str, **query: str) -> Any:
        answer = self.get(f"{path}.json", **query)
        assert (answer.status_code, answer.content_type) == (200, "application/json; charset=utf-8"), answer.text
        return answer.json

    def xml(self, path: str, **query: str) -> Element:
        answer = self.get(f"{path}.xml", **query)
        assert (answer.status_code, answer.content_type) == (200, "text/xml; charset=utf-8"), answer.text
        assert answer.data.lower().startswith((b"<?xml version='1.0' encoding='utf-8'?>", b'<?xml version="1.0" encoding="utf-8"?>'))
        return fromstring(answer.data)

    def post(self, form: str = "json", key: str = KEY, **other: Any) -> Any:
        """A form, each from another device: the same one again would be a resend."""
        fresh = {"api_key": key, **POTHOLE, "device_id": f"tt222111-{next(self.devices)}"}
        sent = {name: value for name, value in {**fresh, **other}.items() if value is not None}
        return self.client.post(f"{ROOT}/requests.{form}", data=sent)

    def file(self, **other: Any) -> str:
        answer = self.post(**other)
        assert answer.status_code == 201, answer.text
        return str(answer.json[0]["service_request_id"])

    def ident(self, number: str) -> str:
        """The id by which /v1 knows it."""
        queue = self.street.client.get("/v1/work-queues/complaints", headers=self.street.staff("verification")).json["items"]
        return str(next(one["id"] for one in queue if one["number"] == number))

    def read(self, **other: Any) -> str:
        """Filed, and read by the coordinator: for everybody."""
        number = self.file(**other)
        assert self.street.step(self.ident(number), "verification").status_code == 200
        return number

    @staticmethod
    def refusal(answer: Any) -> tuple[int, list[int]]:
        """The status, and the codes in the body, after looking at its form."""
        assert all(set(error) == {"code", "description"} and error["description"] for error in answer.json), answer.text
        return answer.status_code, [error["code"] for error in answer.json]


@pytest.fixture
def app311(street: Any, clock: Any) -> Application:
    clock.set(datetime(2026, 11, 24, 3, tzinfo=UTC))
    return Application(street)
