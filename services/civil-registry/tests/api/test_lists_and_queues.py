"""Whose registrations, in which order, waiting for whom."""

from typing import Any


def queue(desk: Any, who: str, **query: str) -> list[str]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    answer = desk.client.get(f"/v1/work-queues/civil-registry?{asked}", headers=desk.staff(who))
    assert answer.status_code == 200, answer.json
    return [row["id"] for row in answer.json["items"]]


def test_a_parent_sees_their_own_and_the_office_sees_all(desk: Any) -> None:
    mine, other = desk.open(), desk.open("siti")
    assert [row["id"] for row in desk.client.get("/v1/birth-registrations", headers=desk.citizen()).json["items"]] == [mine]
    for headers in (desk.staff("verification"), desk.as_("auditor", "auditor")):
        assert [row["id"] for row in desk.client.get("/v1/birth-registrations", headers=headers).json["items"]] == [other, mine]
    both = desk.as_("siti", "citizen", "officer", office="DISDUKCAPIL")
    assert [row["id"] for row in desk.client.get("/v1/birth-registrations?mine=true", headers=both).json["items"]] == [other]


def test_a_list_is_read_page_by_page_and_by_status(desk: Any) -> None:
    made = [desk.open(child={"name": f"Anak {turn}"}) for turn in ("A", "B", "C")]
    first = desk.client.get("/v1/birth-registrations?limit=2", headers=desk.citizen())
    second = desk.client.get(f"/v1/birth-registrations?limit=2&cursor={first.json['next']}", headers=desk.citizen())
    assert [row["id"] for row in first.json["items"] + second.json["items"]] == made[::-1]
    drafts = desk.client.get("/v1/birth-registrations?status=draft", headers=desk.citizen()).json["items"]
    assert len(drafts) == 3
    assert desk.client.get("/v1/birth-registrations?status=lost", headers=desk.citizen()).status_code == 422
    assert desk.client.get("/v1/birth-registrations?nik=1271014502900001", headers=desk.citizen()).status_code == 422


def test_the_queue_shows_what_waits_for_whom_oldest_first(desk: Any, clock: Any) -> None:
    late = desk.brought_to("verification", child={"name": "Anak Satu", "born_on": "2025-06-01"})
    clock.advance(minutes=1)
    checked = desk.brought_to("verification", child={"name": "Anak Dua"})
    clock.advance(minutes=1)
    registered = desk.brought_to("registration", child={"name": "Anak Tiga"})
    clock.advance(minutes=1)
    fresh = desk.brought_to("submission", child={"name": "Anak Empat"})
    desk.brought_to("signature", child={"name": "Anak Lima"})
    assert queue(desk, "verification") == [late, checked, registered, fresh]
    assert queue(desk, "verification", step="verification") == [fresh]
    assert queue(desk, "late-decision", step="late_decision") == [late]
    assert queue(desk, "registration", step="registration") == [checked]
    assert queue(desk, "signature", step="signature") == [registered]


def test_the_queue_is_the_office_s(desk: Any) -> None:
    desk.brought_to("submission")
    for headers in (desk.citizen(), desk.as_("x", "officer", office="DPMPTSP"), desk.as_("auditor", "auditor")):
        assert desk.client.get("/v1/work-queues/civil-registry", headers=headers).status_code == 403


def test_my_cases_have_my_part(desk: Any) -> None:
    ident = desk.brought_to("signature")
    (case,) = desk.client.get("/v1/me/cases", headers={**desk.citizen(), "Accept-Language": "en"}).json["cases"]
    assert (case["kind"], case["status"], case["label"], case["deadline"]) == ("birth_registration", "issued", "Issued", None)
    assert case["path"] == f"/v1/birth-registrations/{ident}"
    assert desk.client.get("/v1/me/cases", headers=desk.citizen("siti")).json["cases"] == []
