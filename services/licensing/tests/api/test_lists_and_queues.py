"""Lists show no names; a queue gives the oldest first; me/cases has my part."""

from typing import Any


def test_a_citizen_sees_their_own_and_the_office_sees_all(desk: Any) -> None:
    mine, other = desk.open(), desk.open("siti")
    assert [row["id"] for row in desk.client.get("/v1/permit-applications", headers=desk.citizen()).json["items"]] == [mine]
    office = desk.client.get("/v1/permit-applications", headers=desk.staff("completeness")).json["items"]
    assert [row["id"] for row in office] == [other, mine]
    assert not {"applicant_name", "applicant_address", "site_address", "owner_sub"} & set(office[0])
    audited = desk.client.get("/v1/permit-applications", headers=desk.as_("auditor", "auditor")).json["items"]
    assert len(audited) == 2


def test_an_officer_who_is_also_a_citizen_asks_for_their_own(desk: Any) -> None:
    desk.open()
    headers = desk.as_("sri", "officer", "citizen", office="DPMPTSP")
    assert len(desk.client.get("/v1/permit-applications", headers=headers).json["items"]) == 1
    assert desk.client.get("/v1/permit-applications?mine=true", headers=headers).json["items"] == []


def test_a_list_is_read_page_by_page_and_by_status(desk: Any) -> None:
    made = [desk.open() for _ in range(3)]
    desk.step(made[0], "withdrawal", {"reason_code": "other"})
    first = desk.client.get("/v1/permit-applications?limit=2", headers=desk.citizen())
    second = desk.client.get(f"/v1/permit-applications?limit=2&cursor={first.json['next']}", headers=desk.citizen())
    assert [row["id"] for row in first.json["items"] + second.json["items"]] == made[::-1]
    assert second.json["next"] is None
    drafts = desk.client.get("/v1/permit-applications?status=draft", headers=desk.citizen()).json["items"]
    assert [row["id"] for row in drafts] == [made[2], made[1]]
    assert desk.client.get("/v1/permit-applications?status=x", headers=desk.citizen()).status_code == 422
    assert desk.client.get("/v1/permit-applications?colour=x", headers=desk.citizen()).status_code == 422


def test_the_queue_gives_the_oldest_first_and_by_step(desk: Any) -> None:
    first, second = desk.brought_to("submission"), desk.brought_to("submission")
    desk.open()
    headers = desk.staff("completeness")
    assert [row["id"] for row in desk.client.get("/v1/work-queues/licensing", headers=headers).json["items"]] == [first, second]
    desk.step(first, "completeness")
    waiting = desk.client.get("/v1/work-queues/licensing?step=first_examination", headers=headers).json["items"]
    assert [row["id"] for row in waiting] == [first]
    assert desk.client.get("/v1/work-queues/licensing", headers=desk.citizen()).status_code == 403


def test_my_cases_show_my_applications_in_my_language(desk: Any) -> None:
    ident = desk.brought_to("submission")
    desk.open("siti")
    answer = desk.client.get("/v1/me/cases", headers={**desk.citizen(), "Accept-Language": "en"}).json
    (case,) = answer["cases"]
    assert (answer["service"], case["id"], case["label"], case["path"]) == (
        "licensing", ident, "Submitted", f"/v1/permit-applications/{ident}",
    )  # fmt: skip
