"""Who agrees that money goes back does not pay it: not as a deputy, not by one."""

from typing import Any

import pytest

from smartcity.testing.pages import my_cases

ROLES = ("treasurer", "head")


@pytest.fixture
def by(issuer: Any) -> Any:
    """Headers of somebody of the treasury, who is the deputy of others."""

    def headers(sub: str, *deputy_of: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {issuer.token(sub, *ROLES, office='BKAD', acting_for=list(deputy_of))}"}

    return headers


@pytest.fixture
def refund(treasury: Any, session: Any) -> str:
    """The path of a refund the treasury has to pay."""
    application = treasury.assess(100)
    treasury.pay(treasury.bills(application)[0])
    treasury.assess(60, application=application, sequence=2, kind="licensing.retribution.reassessed.v1")
    (found,) = treasury.client.get("/v1/refunds", headers=treasury.head()).json["items"]
    session.connection().exec_driver_sql("UPDATE refund SET office = 'BKAD'")
    session.commit()
    return f"/v1/refunds/{found['id']}"


def paid(treasury: Any, refund: str, who: dict[str, str]) -> Any:
    return treasury.act(f"{refund}/payment", who, {"bank_reference": "SP2D-1"})


@pytest.mark.parametrize(("agreed", "pays"), [(("ani",), ("ani",)), (("ani",), ("bona", "ani")), (("ani", "citra"), ("citra",))])
def test_who_agreed_does_not_pay_nor_a_deputy_on_either_side(treasury: Any, refund: str, by: Any, agreed: Any, pays: Any) -> None:
    assert treasury.act(f"{refund}/approval", by(*agreed)).status_code == 200
    answer = paid(treasury, refund, by(*pays))
    assert (answer.status_code, answer.json["type"]) == (409, "/problems/same-person-twice")
    assert paid(treasury, refund, by("dewi")).json["status"] == "paid"


def test_a_refund_agreed_before_duties_were_kept_is_held_to_the_same_rule(treasury: Any, refund: str, by: Any, session: Any) -> None:
    session.connection().exec_driver_sql("UPDATE refund SET status = 'approved', approved_by = 'ani'")
    session.commit()
    assert paid(treasury, refund, by("bona", "ani")).json["type"] == "/problems/same-person-twice"


def test_what_is_due_back_is_a_case_of_the_payer_beside_the_bill_page_by_page(treasury: Any, refund: str) -> None:
    payer = treasury.as_("budi", "citizen")
    lines = {line["id"]: line for line in treasury.client.get("/v1/me/cases", headers=payer).json["cases"]}
    due_back = lines[refund.rpartition("/")[2]]
    assert (due_back["kind"], due_back["path"], due_back["status"], due_back["label"]) == ("refund", refund, "requested", "Diminta")
    assert treasury.client.get(refund, headers=payer).status_code == 200
    assert my_cases(treasury.client, payer) == list(lines) and {line["kind"] for line in lines.values()} == {"bill", "refund"}
