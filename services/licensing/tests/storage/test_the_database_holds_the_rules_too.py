"""What no code path may write, the database refuses."""

import re
from datetime import UTC, datetime
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from licensing.model.application_status import TRANSITIONS
from licensing.model.inspection_status import INSPECTION_TRANSITIONS
from licensing.model.permit_application import PermitApplication
from licensing.model.permit_status import PERMIT_TRANSITIONS, PermitStatus


def refused(session: Session, statement: str, ident: str, **more: Any) -> str:
    with pytest.raises(IntegrityError) as error:
        session.execute(sa.text(statement), {"id": UUID(ident), **more})
    session.rollback()
    return str(error.value.orig.diag.constraint_name)  # type: ignore[union-attr]


def test_no_permit_without_its_money(desk: Any, session: Session) -> None:
    ident = desk.brought_to("assessment")
    unpaid = "UPDATE permit_application SET status = 'issued', permit_id = :permit WHERE id = :id"
    assert refused(session, unpaid, ident, permit=uuid4()) == "ck_permit_application_covered"


def test_nothing_awaits_payment_without_an_assessment(desk: Any, session: Session) -> None:
    ident = desk.brought_to("approval")
    assert (
        refused(session, "UPDATE permit_application SET status = 'awaiting_payment' WHERE id = :id", ident)
        == "ck_permit_application_assessed"
    )


def test_no_application_of_the_office_without_a_number(desk: Any, session: Session) -> None:
    assert (
        refused(session, "UPDATE permit_application SET status = 'submitted' WHERE id = :id", desk.open())
        == "ck_permit_application_numbered"
    )


def test_no_state_that_is_not_one(desk: Any, session: Session) -> None:
    ident = desk.brought_to("submission")
    assert refused(session, "UPDATE permit_application SET status = 'lost' WHERE id = :id", ident) == "ck_permit_application_status"


def test_one_permit_for_an_application(desk: Any, session: Session, hear: Any, paid: Any) -> None:
    ident = desk.brought_to("assessment")
    hear("finance-sts.bill.paid.v1", paid(ident))
    again = (
        "INSERT INTO permit SELECT (jsonb_populate_record(permit, jsonb_build_object('id', CAST(:fresh AS text), 'number', 'X', 'verify_code', 'X'))).* "
        "FROM permit WHERE application_id = :id"
    )
    assert refused(session, again, ident, fresh=str(uuid4())) == "uq_permit_application_id"


def goes(session: Session, ident: str, way: tuple[PermitStatus, PermitStatus]) -> bool:
    """Does the database let a permit go this way? Nothing is kept."""
    row = "UPDATE permit SET status = :to, valid_until = '2030-01-01', successor_id = :id, revoked_at = :at WHERE application_id = :id"
    try:
        for switch, status in zip(("DISABLE", "ENABLE"), way, strict=True):
            session.execute(sa.text(f"ALTER TABLE permit {switch} TRIGGER only_these_ways"))
            at = datetime.now(UTC) if status is PermitStatus.REVOKED else None
            session.execute(sa.text(row), {"to": status, "id": UUID(ident), "at": at})
    except IntegrityError as error:
        return "a permit does not go from" not in str(error)
    finally:
        session.rollback()
    return True


def test_a_permit_goes_in_the_database_only_the_ways_of_the_model(desk: Any, session: Session, hear: Any, paid: Any) -> None:
    ident = desk.brought_to("assessment")
    hear("finance-sts.bill.paid.v1", paid(ident))
    gone = {way for way in permutations(PermitStatus, 2) if goes(session, ident, way)}
    assert gone == {(before, after) for before, afters in PERMIT_TRANSITIONS.items() for after in afters}


def test_one_notice_of_a_kind_at_a_time(desk: Any, session: Session, hear: Any, paid: Any) -> None:
    ident = desk.brought_to("assessment")
    hear("finance-sts.bill.paid.v1", paid(ident))
    notice = (
        "INSERT INTO permit_measure (id, permit_id, owner_sub, kind, reason_code, text, legal_basis, ordered_by, ordered_at, status, position) "
        "SELECT gen_random_uuid(), id, owner_sub, 'revocation', 'other', '.', 'UU', 'kadis', now(), 'announced', n "
        "FROM permit, generate_series(1, 2) n WHERE application_id = :id"
    )
    assert refused(session, notice, ident) == "uq_permit_measure_open"
    for wrong, constraint in (
        ("'in_force', 1", "in_force"),
        ("'carried_out', 1", "ended"),
    ):
        assert refused(session, notice.replace("'announced', n", wrong), ident) == f"ck_permit_measure_{constraint}"


def test_names_and_addresses_of_people_are_not_readable_in_the_database(desk: Any, session: Session) -> None:
    ident = desk.open()
    row = session.execute(sa.text("SELECT row_to_json(a)::text FROM permit_application a WHERE id = :id"), {"id": UUID(ident)}).scalar_one()
    assert "Budi" not in row and "Sei Deli" not in row
    assert session.get_one(PermitApplication, UUID(ident)).applicant_name == "Budi Siregar"


@pytest.mark.parametrize(("table", "model"), [("permit_application", TRANSITIONS), ("inspection", INSPECTION_TRANSITIONS)])
def test_the_ways_of_the_database_are_those_of_the_model(session: Session, table: str, model: Any) -> None:
    query = "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'one_of_the_ways' AND tgrelid = CAST(:table AS regclass)"
    guard = session.scalar(sa.text(query), {"table": table})
    ways = set(re.findall(r"old\.status\)?::text = '([a-z_]+)'::text\) AND \(\(?new\.status\)?::text = '([a-z_]+)'", str(guard)))
    assert ways == {(start.value, end.value) for start, ends in model.items() for end in ends}


@pytest.mark.parametrize(
    ("reached", "to"), [("submission", "approved"), ("completeness", "draft"), ("examinations", "lapsed"), ("approval", "in_examination")]
)  # fmt: skip
def test_no_way_but_those_between_the_states(desk: Any, session: Session, reached: str, to: str) -> None:
    statement = f"UPDATE permit_application SET status = '{to}' WHERE id = :id"
    assert refused(session, statement, desk.brought_to(reached)) == "one_of_the_ways"
