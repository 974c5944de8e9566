"""What is brought home from a place: pictures with their positions, and every line of a checklist."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from licensing.model.place_photo import PlacePhoto
from smartcity import files
from smartcity.errors import InputWrong, RuleBroken
from smartcity.files import FileStatus, StoredFile
from smartcity.regions import in_city_box


def received(session: Session, form: dict[str, Any], upload: Any, owner: str, now: datetime) -> dict[str, Any]:
    """Keep an uploaded picture; what a `PlacePhoto` is made of. Raises `InputWrong` for half a point, or one outside the city."""
    latitude, longitude = form.get("latitude"), form.get("longitude")
    if (latitude is None) != (longitude is None):
        raise InputWrong({"longitude" if longitude is None else "latitude": ["required"]})
    if latitude is not None and longitude is not None and not in_city_box(latitude, longitude):
        raise InputWrong({"latitude": ["point-outside-medan"], "longitude": ["point-outside-medan"]})
    stored = files.receive(session, upload, owner=owner, kinds=("jpeg", "png"))
    session.flush()
    return {"file_id": stored.id, "uploaded_at": now, "latitude": latitude, "longitude": longitude}


def locate(session: Session, photos: Iterable[PlacePhoto]) -> None:
    """Take over where each was taken, as `work` read it before it stripped the picture; raises while one was not looked at yet."""
    for photo in photos:
        stored = session.get_one(StoredFile, photo.file_id)
        if stored.status is FileStatus.QUARANTINED:
            raise RuleBroken("visit-photos-in-check")
        photo.locate(stored.detail.get("position"))


def must_answer(checklist: Sequence[dict[str, Any]], codes: Sequence[str]) -> None:
    """Raises `InputWrong` unless each line is answered once and nothing else is."""
    answered = [line["code"] for line in checklist]
    wrong = {code: ["required"] for code in codes if code not in answered}
    wrong |= {code: ["not-in-table"] for code in answered if code not in codes or answered.count(code) > 1}
    if wrong:
        raise InputWrong({"checklist": wrong})
