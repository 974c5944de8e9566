"""The reporter's questionnaire, once, after the closing; and the index everybody may read."""

from typing import Any

NINE = ("requirements", "procedure", "time", "cost", "product", "competence", "conduct", "complaint_handling", "facilities")


def given(street: Any, body: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
    headers = street.citizen() if headers is None else headers
    return street.client.post("/v1/satisfaction/surveys", json=body, headers={**headers, **street.key()})


def closed(street: Any, **other: Any) -> str:
    ident = str(street.brought_to("answer", **other))
    assert street.act(ident, "acceptance", {}).status_code == 200
    return ident


def test_the_index_of_what_was_given(street: Any) -> None:
    for last in (4, 2):
        scores = {**dict.fromkeys(NINE, 3), "time": last}
        assert given(street, {"complaint_id": closed(street), "scores": scores}).status_code == 201
    shown = street.client.get("/v1/satisfaction/index?office=SDABMBK").json
    assert (shown["ikm"], shown["grade"], shown["respondents"], len(shown["elements"])) == ("75.00", "C", 2, 9)
    assert street.client.get("/v1/satisfaction/index?office=DLH").json["ikm"] is None
    assert street.client.get("/v1/satisfaction/index?weight=printed").json["ikm"] == "74.93"
    assert street.client.get("/v1/satisfaction/index?instrument=guess").status_code == 422


def test_what_is_left_out_does_not_count_against_an_element(street: Any) -> None:
    given(street, {"complaint_id": closed(street), "scores": {"time": 1, "cost": 4}})
    given(street, {"complaint_id": closed(street), "scores": {"cost": 4}})
    shown = street.client.get("/v1/satisfaction/index").json
    assert [(row["element"], row["mean"], row["answers"]) for row in shown["elements"]] == [("time", "1.0000", 1), ("cost", "4.0000", 2)]
    assert shown["weakest"] == ["time", "cost"]


def test_it_is_given_once_by_the_reporter_and_only_after_the_closing(street: Any) -> None:
    ident = closed(street)
    scores = {"scores": {"time": 4}}
    assert given(street, {"complaint_id": ident, **scores}, street.citizen("budi")).status_code == 404
    assert given(street, {"complaint_id": ident, **scores}, {}).status_code == 404
    assert given(street, {"complaint_id": ident, **scores}).status_code == 201
    again = given(street, {"complaint_id": ident, **scores})
    assert (again.status_code, again.json["type"]) == (409, "/problems/survey-already-given")
    early = given(street, {"complaint_id": street.brought_to("answer"), **scores})
    assert (early.status_code, early.json["type"]) == (409, "/problems/survey-before-closing")


def test_whoever_has_the_token_gives_it_too(street: Any) -> None:
    filed = street.file(headers={}, anonymous=True)
    for step in ("verification", "disposition", "follow-up", "answer"):
        street.step(filed["id"], step)
    token = filed["follow_up_token"]
    street.client.post(f"/v1/complaints/track/{token}/acceptance", json={})
    assert given(street, {"follow_up_token": token, "scores": {"conduct": 2}}, {}).status_code == 201
    assert given(street, {"follow_up_token": "guessed", "scores": {"conduct": 2}}, {}).status_code == 404


def test_wrong_scores_name_their_element(street: Any) -> None:
    ident = closed(street)
    for scores, named in (({"smile": 4}, "smile"), ({"time": 5}, "time"), ({"time": 0}, "time"), ({"time": "4"}, "time")):
        refused = given(street, {"complaint_id": ident, "scores": scores})
        assert (refused.status_code, list(refused.json["errors"]["scores"])) == (422, [named])
    assert given(street, {"complaint_id": ident, "scores": {}}).status_code == 422
    assert given(street, {"scores": {"time": 4}}).json["errors"].keys() == {"complaint_id"}
