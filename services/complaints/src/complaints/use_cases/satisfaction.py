"""The reporter's questionnaire after a complaint was closed, and the index made of all."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
import yaml
from sqlalchemy.orm import Session

from complaints.model.complaint import Complaint
from complaints.model.complaint_status import Status
from complaints.model.satisfaction_survey import SatisfactionSurvey
from complaints.rules.satisfaction import index, mean, rounded
from complaints.use_cases.visibility import by_token
from smartcity.errors import InputWrong, NotFound, RuleBroken
from smartcity.http import Actor
from smartcity.storage import get

WEAKEST = 3
FOUR_PLACES = Decimal("0.0001")


@dataclass(frozen=True)
class Instrument:
    """A questionnaire: its elements by name, its grades, and the weight old reports print."""

    elements: tuple[str, ...]
    bands: dict[str, Decimal]
    printed_weight: Fraction
    legal_basis: str


@cache
def instruments() -> dict[str, Instrument]:
    """The questionnaires by their code."""
    rows = yaml.safe_load((files("complaints") / "data" / "satisfaction.yaml").read_text())["instruments"]
    return {
        code: Instrument(
            tuple(row["elements"]), {grade: Decimal(least) for grade, least in row["bands"].items()}, Fraction(row["printed_weight"]),
            row["legal_basis"],
        )
        for code, row in rows.items()
    }  # fmt: skip


def instrument(code: str) -> Instrument:
    """The questionnaire; raises `InputWrong` for one nobody knows."""
    if code not in instruments():
        raise InputWrong({"instrument": ["instrument-unknown"]})
    return instruments()[code]


def give(session: Session, actor: Actor, request: dict[str, Any], now: datetime) -> SatisfactionSurvey:
    """The reporter's scores for their own closed complaint, named by its id or opened by its token; once."""
    asked = instrument(request["instrument"])
    scores = request["scores"]
    if wrong := {name: ["element-unknown"] for name in scores if name not in asked.elements} or (
        {} if scores else {"": ["element-needed"]}
    ):
        raise InputWrong({"scores": wrong})
    complaint = _own(session, actor, request)
    if complaint.status is not Status.CLOSED or complaint.office is None:
        raise RuleBroken("survey-before-closing", status=complaint.status)
    survey = SatisfactionSurvey(
        complaint_id=complaint.id, office=complaint.office, instrument=request["instrument"], scores=scores, given_at=now
    )
    session.add(survey)
    return survey


def _own(session: Session, actor: Actor, request: dict[str, Any]) -> Complaint:
    if request.get("follow_up_token"):
        return by_token(session, request["follow_up_token"], lock=True)
    if not request.get("complaint_id"):
        raise InputWrong({"complaint_id": ["complaint-needed"]})
    complaint = get(session, Complaint, request["complaint_id"], lock=True)
    if not actor.known or complaint.owner_sub != actor.sub:
        raise NotFound()
    return complaint


_SUMS = """
SELECT element.key AS name, sum(element.value::int) AS total, count(*) AS answers FROM satisfaction_survey, jsonb_each_text(scores) AS element
WHERE instrument = :instrument AND given_at >= :since AND given_at < :until {office} GROUP BY element.key
"""
_COUNT = "SELECT count(*) FROM satisfaction_survey WHERE instrument = :instrument AND given_at >= :since AND given_at < :until {office}"


def measured(session: Session, query: dict[str, Any]) -> dict[str, Any]:
    """The index of an office, or of all, over a period; `index` is empty where nobody has answered yet."""
    asked, office = instrument(query["instrument"]), "AND office = :office" if query.get("office") else ""
    bound = {"instrument": query["instrument"], "since": query["since"], "until": query["until"], "office": query.get("office")}
    sums = {row.name: (row.total, row.answers) for row in session.execute(sa.text(_SUMS.format(office=office)), bound)}
    means = {name: mean(*sums[name]) for name in asked.elements if name in sums}
    told = {"instrument": query["instrument"], "office": query.get("office"), "legal_basis": asked.legal_basis,
            "respondents": session.execute(sa.text(_COUNT.format(office=office)), bound).scalar_one()}  # fmt: skip
    elements = [{"element": name, "mean": rounded(value, FOUR_PLACES), "answers": sums[name][1]} for name, value in means.items()]
    if not means:
        return {**told, "index": None, "ikm": None, "grade": None, "elements": [], "weakest": []}
    found = index(list(means.values()), asked.bands, asked.printed_weight if query["weight"] == "printed" else None)
    weakest = sorted(means, key=lambda name: means[name])[:WEAKEST]
    return {
        **told,
        "index": rounded(found.value, FOUR_PLACES),
        "ikm": found.ikm,
        "grade": found.grade,
        "elements": elements,
        "weakest": weakest,
    }
