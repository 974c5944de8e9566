"""GeoReport v2 has no key that makes a resend harmless: the same form again, within minutes, is the same request."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from complaints.model.open311_filing import Open311Filing
from complaints.use_cases import open311_resends

DEVICE = {"device_id": "tt1"}


def picture_of(photograph: Any) -> bytes:
    return bytes(photograph()[0].read())


def test_the_same_form_again_has_the_same_number_and_the_same_token(app311: Any, told: Any) -> None:
    first, again = app311.post(**DEVICE), app311.post(**DEVICE)
    assert (first.status_code, again.status_code, first.json) == (201, 201, again.json)
    in_xml = app311.post(form="xml", **DEVICE)
    assert first.json[0]["service_request_id"] in in_xml.text, "asked for in another form it is the same still"
    assert len(told("complaints.complaint.submitted.v1")) == 1


@pytest.mark.parametrize("change", [{"device_id": "tt2"}, {"description": "Lubang yang lain."}, {"lat": "3.5797"}, {"phone": "0811-3333"}])
def test_whatever_differs_is_another_request(app311: Any, change: dict[str, str]) -> None:
    assert app311.file(**DEVICE) != app311.file(**{**DEVICE, **change})


def test_a_form_with_photos_is_known_by_their_bytes_and_not_by_its_boundary(
    app311: Any, photograph: Any, told: Any, session: Session
) -> None:
    content = picture_of(photograph)

    def sent(photo: bytes, name: str = "foto.jpg") -> Any:
        data = {"api_key": "key-of-an-application", **app311.POTHOLE, "media": (io.BytesIO(photo), name, "image/jpeg")}
        return app311.client.post("/open311/v2/requests.json", data=data).json[0]["service_request_id"]

    first = sent(content)
    assert sent(content) == first
    assert session.scalar(sa.text("SELECT count(*) FROM complaint_photo")) == 1, "and its photo is kept once"
    assert sent(content[:-2] + b"\x00" + content[-2:]) != first
    assert len(told("complaints.complaint.submitted.v1")) == 2


def test_after_the_window_it_is_new_trouble_and_the_token_is_kept_no_longer(
    app311: Any, clock: Any, run_due: Any, session: Session
) -> None:
    first = app311.file(**DEVICE)
    clock.advance(minutes=14)
    run_due()
    assert app311.file(**DEVICE) == first
    clock.advance(minutes=2)
    second = app311.file(**DEVICE)
    assert second != first, "whether or not the due work has run"
    run_due()
    assert app311.file(**DEVICE) == second
    clock.advance(minutes=16)
    run_due()
    assert session.scalar(sa.select(sa.func.count()).select_from(Open311Filing)) == 0


def test_sent_many_times_at_once_it_is_filed_once(app: Any, app311: Any, told: Any) -> None:
    form = {"api_key": "key-of-an-application", **app311.POTHOLE}

    def send(_: int) -> str:
        return str(app.test_client().post("/open311/v2/requests.json", data=form).json[0]["service_request_id"])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(send, range(16)))) == 1
    assert len(told("complaints.complaint.submitted.v1")) == 1


def test_what_was_refused_is_not_remembered(app311: Any) -> None:
    assert app311.post(**DEVICE, lat="1.5", long="99.9").status_code == 400
    assert app311.post(**DEVICE, lat="1.5", long="99.9").status_code == 400
    assert app311.post(**DEVICE).status_code == 201


def test_the_window_is_that_of_the_day(monkeypatch: pytest.MonkeyPatch, app311: Any) -> None:
    rows = [{"valid_from": date(2030, 1, 1), "valid_to": None, "minutes": 15}]
    monkeypatch.setattr(open311_resends, "_windows", lambda: rows)
    assert app311.file(**DEVICE) != app311.file(**DEVICE), "no row holds today: nothing is a resend"
