"""Photos and words reach everybody only after somebody of the city has looked."""

from typing import Any

QUEUE = "/v1/work-queues/complaints/moderation"


def reviewed(street: Any, ident: str, photo: str, decision: str) -> Any:
    headers = {**street.staff("verification"), **street.etag(ident)}
    return street.client.post(street.path(ident, "photos", photo, "review"), json={"decision": decision}, headers=headers)


def public_photos(street: Any, ident: str) -> list[str]:
    return [photo["id"] for photo in street.client.get(street.path(ident)).json["photos"]]


def test_a_late_photo_waits_in_the_queue_until_it_is_shown_or_hidden(street: Any) -> None:
    ident = street.brought_to("verification")
    late = street.photo(ident, street.citizen()).json["id"]
    coordinator = street.staff("verification")
    (waiting,) = street.client.get(QUEUE, headers=coordinator).json["items"]
    assert (waiting["id"], waiting["unread_photos"]) == (ident, 1)
    assert public_photos(street, ident) == []
    assert reviewed(street, ident, late, "shown").status_code == 200
    assert public_photos(street, ident) == [late]
    assert street.client.get(QUEUE, headers=coordinator).json["items"] == []
    assert reviewed(street, ident, late, "hidden").status_code == 200
    assert public_photos(street, ident) == []
    assert [photo["id"] for photo in street.show(ident)["photos"]] == [late], "the reporter still sees it"


def test_what_was_hidden_before_the_verification_stays_hidden(street: Any) -> None:
    ident = street.file()["id"]
    photo = street.photo(ident, street.citizen()).json["id"]
    assert reviewed(street, ident, photo, "hidden").status_code == 200
    street.step(ident, "verification")
    assert public_photos(street, ident) == []


def test_other_words_for_everybody_and_the_reporter_s_own_in_the_history_of_the_parties(street: Any) -> None:
    ident = street.brought_to("verification", title="Pak Lurah Hotman tidak peduli")
    headers = {**street.staff("verification"), **street.etag(ident)}
    assert street.client.post(street.path(ident, "wording"), json={"title": "Lubang di jalan"}, headers=headers).status_code == 200
    public = street.client.get(street.path(ident))
    assert (public.json["title"], "Hotman" in public.text) == ("Lubang di jalan", False)
    assert public.json["timeline"][-1]["event"] == "reworded"
    assert "Hotman" in street.show(ident)["timeline"][-1]["note"]


def test_only_the_coordinator_moderates_and_only_what_is_there(street: Any) -> None:
    ident = street.brought_to("follow-up")
    office = {**street.staff("answer"), **street.etag(ident)}
    assert street.client.post(street.path(ident, "wording"), json={"title": "Lubang"}, headers=office).status_code == 403
    assert street.client.get(QUEUE, headers=office).status_code == 403
    assert reviewed(street, ident, ident, "hidden").status_code == 404
    assert reviewed(street, ident, ident, "unread").status_code == 422


def test_the_answer_to_a_step_of_the_city_names_nobody_so_that_every_look_at_a_name_is_written_down(street: Any) -> None:
    original = street.brought_to("verification")
    ident = street.brought_to("verification", reporter_name="Bu Tiurma")
    headers = street.staff("verification")
    for step, body in (("wording", {"title": "Lubang di jalan"}), ("duplicate", {"original_id": original})):
        answer = street.client.post(street.path(ident, step), json=body, headers={**headers, **street.etag(ident)})
        assert (answer.status_code, "Tiurma" in answer.text) == (200, False)
