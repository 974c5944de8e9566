"""A complaint about a building opens an inspection, once, and the inspection says how its complaint stands; in whatever order it is told."""

import itertools
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from licensing.model.complaint_notice import ComplaintNotice
from licensing.model.inspection import Inspection

COMPLAINT = "0197b1c4-55aa-7c10-8f21-6a0e1b2c3d01"
STORY = {1: "routed", 2: "closed", 3: "reopened"}


@pytest.fixture
def told_of(hear: Any, example: Any) -> Any:
    """What complaints tells of one complaint about a building; keywords override."""

    def tell(fact: str, sequence: int, *, category: str = "bangunan_liar", **other: Any) -> str:
        name = f"complaints.complaint.{fact}.v1"
        data = {**example(name), "complaint_id": COMPLAINT, "category": category, **other}
        return str(hear(name, data, subject=COMPLAINT, sequence=sequence))

    return tell


def opened(session: Session) -> list[Inspection]:
    session.rollback()
    return list(session.scalars(sa.select(Inspection).order_by(Inspection.id)))


def test_a_complaint_about_a_building_opens_an_inspection_of_the_office_it_is_laid_before(told_of: Any, session: Session) -> None:
    assert told_of("routed", 3, office="PERKIMCIKATARU") == "applied"
    (one,) = opened(session)
    assert (one.office, one.status, one.kelurahan_code) == ("PERKIMCIKATARU", "opened", "12.71.01.1001")
    assert one.complaint is not None and (one.complaint.number, one.complaint.standing) == ("MRK-202602-000017", "open")
    assert one.number.startswith("INSPEKSI/PERKIMCIKATARU/") and one.due_on is not None


def test_told_again_in_any_way_it_opens_no_second_one(told_of: Any, session: Session) -> None:
    for sequence in (3, 3, 4):
        assert told_of("routed", sequence) == "applied"
    assert len(opened(session)) == 1


def test_another_matter_opens_nothing_and_leaves_nothing(told_of: Any, session: Session) -> None:
    assert told_of("routed", 3, category="jalan_rusak") == "applied"
    assert opened(session) == [] and session.scalar(sa.select(sa.func.count()).select_from(ComplaintNotice)) == 0


@pytest.mark.parametrize(
    ("fact", "standing"), [("closed", "closed"), ("withdrawn", "withdrawn"), ("archived", "archived"), ("duplicate_linked", "duplicate")]
)
def test_the_inspection_says_that_its_complaint_has_ended(told_of: Any, session: Session, fact: str, standing: str) -> None:
    told_of("routed", 3)
    told_of(fact, 4)
    (one,) = opened(session)
    assert one.complaint is not None and one.complaint.standing == standing
    assert (one.complaint.original_no is not None) == (standing == "duplicate")
    assert one.status == "opened", "whether somebody goes there all the same is the office's word"


def test_what_was_withdrawn_before_we_heard_of_it_opens_nothing(told_of: Any, session: Session) -> None:
    told_of("withdrawn", 4)
    told_of("routed", 3)
    assert opened(session) == []


@pytest.mark.parametrize("order", list(itertools.permutations(STORY)))
def test_in_whatever_order_it_is_told_the_end_is_the_same(told_of: Any, session: Session, order: tuple[int, ...]) -> None:
    for sequence in order:
        told_of(STORY[sequence], sequence, office="PERKIMCIKATARU")
    (one,) = opened(session)
    assert one.complaint is not None and (one.complaint.standing, one.complaint.sequence, one.office) == ("open", 3, "PERKIMCIKATARU")


def test_laid_before_another_office_its_inspection_goes_there_and_is_planned_anew(told_of: Any, session: Session, inspect: Any) -> None:
    told_of("routed", 3, office="SATPOLPP")
    (one,) = opened(session)
    assert inspect(str(one.id), office="SATPOLPP").schedule().status_code == 200
    told_of("routed", 6, office="PERKIMCIKATARU")
    (moved,) = opened(session)
    assert (moved.office, moved.status, moved.day, moved.inspector_sub) == ("PERKIMCIKATARU", "opened", None, None)
    assert inspect(str(one.id), office="SATPOLPP").show().status_code == 404


def test_what_was_found_is_told_back_with_the_complaint_it_was_opened_for(
    told_of: Any, session: Session, inspect: Any, told: Any, run_due: Any
) -> None:
    told_of("routed", 3)
    (one,) = opened(session)
    case = inspect(str(one.id), office=one.office)
    assert case.schedule().status_code == 200
    case.photo()
    run_due()
    assert case.conclude(outcome_code="permit-absent", measures=["apply-for-permit", "work-stopped"]).status_code == 200
    (event,) = told("licensing.inspection.concluded.v1")
    assert event["subject"] == str(one.id)
    assert (event["data"]["complaint_id"], event["data"]["outcome_code"]) == (COMPLAINT, "permit-absent")
    assert (event["data"]["measures"], event["data"]["permit_id"]) == (["apply-for-permit", "work-stopped"], None)
    told_of("routed", 9, office="SATPOLPP")
    (ended,) = opened(session)
    assert (ended.office, ended.status) == (one.office, "concluded"), "what was concluded stays with who concluded it"
