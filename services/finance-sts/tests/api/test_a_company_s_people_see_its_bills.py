"""Whoever acts for a company by the token sees its bills and payments in the lists beside their own; nobody else does."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

COMPANY = "company-deli"


@pytest.fixture
def bills(treasury: Any, session: Session) -> tuple[str, str]:
    """A company's, which was paid, and one of budi's own."""
    companys, own = treasury.a_bill(100), treasury.a_bill(200)
    treasury.pay(companys)
    session.execute(sa.text("UPDATE bill SET owner_sub = :company WHERE id = :id"), {"company": COMPANY, "id": companys["id"]})
    session.execute(sa.text("UPDATE payment SET owner_sub = :company WHERE bill_id = :id"), {"company": COMPANY, "id": companys["id"]})
    session.commit()
    return companys["id"], own["id"]


def ids(treasury: Any, path: str, sub: str, *companies: str) -> list[str]:
    answer = treasury.client.get(path, headers=treasury.as_(sub, "citizen", companies=companies))
    return [row.get("bill_id", row["id"]) for row in answer.json["items"]]


def test_their_own_and_the_company_s_are_one_list_newest_first(treasury: Any, bills: tuple[str, str]) -> None:
    companys, own = bills
    assert ids(treasury, "/v1/bills", "budi", COMPANY) == [own, companys]
    assert ids(treasury, "/v1/bills?status=paid", "siti", COMPANY) == [companys]
    assert ids(treasury, "/v1/payments", "siti", COMPANY) == ids(treasury, "/v1/receipts", "siti", COMPANY) == [companys]


def test_who_does_not_act_for_it_sees_nothing_of_it(treasury: Any, bills: tuple[str, str]) -> None:
    assert ids(treasury, "/v1/bills", "budi") == [bills[1]]
    assert ids(treasury, "/v1/bills", "siti") == ids(treasury, "/v1/payments", "siti") == []
    assert ids(treasury, "/v1/bills", "siti", "company-other") == []
