"""A complaint comes in by Open311: the application files it for somebody, who follows it by the token."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from complaints.model.complaint import Complaint
from complaints.model.complaint_photo import PhotoKind
from complaints.use_cases import filing, photos
from complaints.use_cases.open311 import service
from complaints.use_cases.open311_attributes import PLACE, answers
from complaints.use_cases.places import kelurahan_code, wrong_point
from smartcity.errors import InputWrong
from smartcity.http import Actor
from smartcity.regions import kelurahan

LONGEST_TITLE, SHORTEST_TITLE = 120, 5
CHANNEL = "app"


def file(session: Session, actor: Actor, form: Mapping[str, Any], given: Mapping[str, Sequence[str]], uploads: Sequence[Any],
         now: datetime, name_of: Mapping[str, str]) -> tuple[Complaint, str]:  # fmt: skip
    """The complaint with its photos, and its token. `name_of` is what each category is called. Raises `InputWrong`, `NotFound`."""
    code = service(form["service_code"]).code
    words = form.get("description", "")
    request = {
        "category": code, "title": title(words) or name_of[code], "text": _with_media(words or name_of[code], form.get("media_url")),
        "channel": CHANNEL, "confidential": False, "answers": answers(code, given), **_place(form, given), **_reporter(form),
    }  # fmt: skip
    complaint, token = filing.file(session, actor, request, now)
    for upload in uploads:
        photos.attach(session, complaint, PhotoKind.REPORT, upload, now)
    return complaint, token


def title(words: str) -> str:
    """The first line, cut between two words; empty where it says too little. The coordinator reads it before anybody else does."""
    line = words.strip().partition("\n")[0].strip()
    if len(line) > LONGEST_TITLE:
        line = line[: LONGEST_TITLE - 1].rpartition(" ")[0] + "…"
    return line if len(line) >= SHORTEST_TITLE else ""


def _with_media(words: str, url: str | None) -> str:
    return f"{words}\n\n{url}" if url else words


def _place(form: Mapping[str, Any], given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    named = form.get("address_id") or next(iter(given.get(PLACE, ())), "")
    point = {name: form[sent] for name, sent in (("latitude", "lat"), ("longitude", "long")) if sent in form}
    if wrong := wrong_point(point):
        raise InputWrong(wrong)
    code = kelurahan_code({**point, "kelurahan_code": named})
    known = kelurahan(code)
    if known is None:
        raise InputWrong({f"attribute[{PLACE}]": ["region-outside-medan" if code else "answer-needed"]})
    return {"kelurahan_code": code, "address": form.get("address_string") or f"{known.name}, {known.kecamatan.name}", **point}


def _reporter(form: Mapping[str, Any]) -> dict[str, Any]:
    name = " ".join(form[part] for part in ("first_name", "last_name") if part in form)
    contact = ", ".join(form[part] for part in ("phone", "email") if part in form)
    return {"anonymous": not name, "reporter_name": name or None, "reporter_contact": contact or None}
