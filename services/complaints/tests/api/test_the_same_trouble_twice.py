"""A duplicate is linked to its original; its people hear of the original; nobody is counted twice."""

from typing import Any
from uuid import uuid4

from smartcity.testing.pages import my_cases


def linked(street: Any, ident: str, original: str, headers: dict[str, str] | None = None) -> Any:
    headers = headers or {**street.staff("verification"), **street.etag(ident)}
    return street.client.post(street.path(ident, "duplicate"), json={"original_id": original}, headers=headers)


def test_the_reporter_and_the_followers_of_a_duplicate_follow_its_original(street: Any, told: Any) -> None:
    original, again = street.brought_to("disposition"), street.brought_to("verification", headers=street.citizen("budi"))
    assert street.client.post(street.path(again, "followers"), headers=street.citizen("ani")).status_code == 200
    answer = linked(street, again, original)
    assert (answer.status_code, answer.json["status"], answer.json["duplicate_of"]) == (200, "archived", original)
    for name in ("budi", "ani"):
        followed = street.client.get("/v1/complaints?followed=true", headers=street.citizen(name)).json["items"]
        assert original in [one["id"] for one in followed]
    shown = street.show(original)
    assert (shown["support_count"], shown["timeline"][-1]["event"], shown["status"]) == (2, "duplicate_joined", "disposed")
    (event,) = told("complaints.complaint.duplicate_linked.v1")
    assert (event["subject"], event["data"]["original_id"]) == (again, original)


def test_whoever_reports_the_same_twice_is_counted_once(street: Any) -> None:
    original, again = street.brought_to("verification"), street.file()["id"]
    assert linked(street, again, original).status_code == 200
    assert street.show(original)["support_count"] == 0


def test_an_original_is_another_public_one_that_is_pursued(street: Any) -> None:
    original, first, second = street.brought_to("verification"), street.file()["id"], street.file()["id"]
    hidden = street.brought_to("verification", confidential=True)
    unread = street.file()["id"]
    assert linked(street, first, original).status_code == 200
    for wrong in (second, first, hidden, unread):
        refused = linked(street, second, wrong)
        assert (refused.status_code, refused.json["type"]) == (409, "/problems/original-not-usable")
    assert linked(street, second, str(uuid4())).json["errors"].keys() == {"original_id"}
    assert linked(street, street.brought_to("follow-up"), original).json["type"] == "/problems/complaint-not-archivable"


def test_only_the_coordinator_links(street: Any) -> None:
    original, again = street.brought_to("verification"), street.file()["id"]
    assert linked(street, again, original, {**street.citizen(), "If-Match": "*"}).status_code == 403


def test_following_twice_is_once_and_stops_when_told(street: Any) -> None:
    ident, siti = street.brought_to("verification"), street.citizen("budi")
    for _ in range(2):
        assert street.client.post(street.path(ident, "followers"), headers=siti).status_code == 200
    assert len(street.client.get("/v1/complaints?followed=true", headers=siti).json["items"]) == 1
    for _ in range(2):
        assert street.client.delete(street.path(ident, "followers"), headers=siti).status_code == 204
    assert street.client.get("/v1/complaints?followed=true", headers=siti).json["items"] == []
    hidden = street.brought_to("verification", confidential=True)
    assert street.client.post(street.path(hidden, "followers"), headers=siti).status_code == 404


def test_what_is_followed_comes_in_pages_the_newest_complaint_first(street: Any) -> None:
    idents, budi = [street.brought_to("verification") for _ in range(5)], street.citizen("budi")
    for ident in (idents[3], idents[0], idents[4], idents[1]):
        assert street.client.post(street.path(ident, "followers"), headers=budi).status_code == 200
    first = street.client.get("/v1/complaints?followed=true&limit=3", headers=budi).json
    rest = street.client.get(f"/v1/complaints?followed=true&limit=3&cursor={first['next']}", headers=budi).json
    assert [one["id"] for one in first["items"]] == [idents[4], idents[3], idents[1]]
    assert ([one["id"] for one in rest["items"]], rest["next"]) == ([idents[0]], None)


def test_what_is_near_depends_on_the_category(street: Any) -> None:
    flood = street.brought_to("verification", category="banjir", answers={"depth_cm": 40})
    street.brought_to("verification", category="jalan_rusak")
    hundred_metres_away = "latitude=3.5805&longitude=98.6869"

    def near(category: str) -> list[str]:
        answer = street.client.get(f"/v1/complaints/duplicates?category={category}&{hundred_metres_away}")
        return [one["id"] for one in answer.json["items"]]

    assert near("banjir") == [flood]
    assert near("jalan_rusak") == []


def confirmed(street: Any, ident: str, who: str, repaired: bool) -> Any:
    return street.client.post(street.path(ident, "confirmation"), json={"repaired": repaired}, headers=street.citizen(who))


def test_who_follows_or_supports_is_asked_whether_it_is_repaired(street: Any) -> None:
    ident = street.brought_to("disposition")
    street.client.post(street.path(ident, "followers"), headers=street.citizen("budi"))
    street.client.post(street.path(ident, "support"), headers=street.citizen("ani"))
    early = confirmed(street, ident, "budi", True)
    assert (early.status_code, early.json["type"]) == (409, "/problems/complaint-not-confirmable")
    for step in ("follow-up", "answer"):
        assert street.step(ident, step).status_code == 200

    def asked(who: str) -> list[str]:
        cases = street.client.get("/v1/me/cases", headers=street.citizen(who)).json["cases"]
        return [case["id"] for case in cases if case["kind"] == "followed-complaint"]

    assert asked("budi") == [ident]
    own = [street.file(street.citizen("budi"))["id"] for _ in range(2)]
    assert my_cases(street.client, street.citizen("budi")) == [*reversed(own), ident], "page by page, newest first"
    assert confirmed(street, ident, "budi", False).json["not_repaired_count"] == 1
    assert asked("budi") == []
    again = confirmed(street, ident, "budi", True).json
    assert (again["repaired_count"], again["not_repaired_count"]) == (1, 0), "the newer word counts"
    assert confirmed(street, ident, "ani", True).json["repaired_count"] == 2
    stranger = confirmed(street, ident, "tono", False)
    assert (stranger.status_code, stranger.json["type"]) == (409, "/problems/not-a-follower")
    street.act(ident, "reopening", {"note": "Masih berlubang."})
    assert street.step(ident, "answer").status_code == 200
    anew = street.show(ident)
    assert (anew["repaired_count"], anew["not_repaired_count"], asked("budi")) == (0, 0, [ident]), "a new answer asks anew"


def test_a_confidential_complaint_asks_nobody(street: Any) -> None:
    ident = street.brought_to("answer", confidential=True)
    assert confirmed(street, ident, "budi", True).status_code == 404
