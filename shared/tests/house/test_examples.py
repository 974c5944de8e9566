"""An example of an operation is what the operation was asked and answered; one that no longer is turns its service's test red."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Response
from flask.testing import FlaskClient
from werkzeug.wsgi import FileWrapper

from smartcity.http import examples
from smartcity.testing.examples import Recorder, shape

Change = Callable[[dict[str, Any]], Any]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the stall's examples are kept in this test."""
    found = tmp_path / "examples.json"
    monkeypatch.setattr(examples, "home", lambda _: found)
    return found


@pytest.fixture
def played(client: FlaskClient, recorder: Recorder, as_: Any, key: Any, laid_out: Any) -> Recorder:
    """Every operation of the stall was called once and answered well, but for the one that breaks."""
    path, siti = f"/v1/things/{laid_out()['id']}", as_("siti", "citizen")
    for page in ("/v1/things", path, "/v1/me/cases", "/v1/me/data-access"):
        assert client.get(page, headers=siti).status_code == 200
    assert client.post("/v1/found-things", json={"name": "payung", "price": 0}, headers={**siti, **key()}).status_code == 201
    assert client.post(f"{path}/sale", headers=siti).status_code == 200
    assert client.get("/supplier/self", headers={"X-Badge": "7"}).status_code == 200
    return recorder


@pytest.fixture
def written(played: Recorder, file: Path, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """The examples were recorded."""
    monkeypatch.setenv("WRITE_EXAMPLES", "1")
    assert played.wrong() == ["drop_thing: was not played"]
    monkeypatch.delenv("WRITE_EXAMPLES")
    return played


def change(file: Path, name: str, how: Change) -> None:
    known = json.loads(file.read_text())
    how(known[name])
    file.write_text(json.dumps(known))


def test_what_was_played_is_shown_in_the_documentation(written: Recorder, client: FlaskClient) -> None:
    operation = client.get("/openapi.json").json["paths"]["/v1/things"]["post"]
    assert operation["requestBody"]["content"]["application/json"]["example"] == {"name": "durian", "price": 5000}
    answer = operation["responses"]["201"]["content"]["application/json"]["example"]
    assert (answer["name"], answer["price"]) == ("durian", 5000)
    assert written.wrong() == ["drop_thing: was not played"]


def test_what_is_described_nowhere_else_is_shown_as_json(written: Recorder, file: Path, client: FlaskClient) -> None:
    change(file, "sell_thing", lambda example: example.update(request={"price": 5000}))
    operation = client.get("/openapi.json").json["paths"]["/v1/things/{thing_id}/sale"]["post"]
    assert operation["requestBody"] == {"content": {"application/json": {"example": {"price": 5000}}}}


def test_an_operation_without_an_example_is_named_and_shown_without(played: Recorder, file: Path, client: FlaskClient) -> None:
    assert any(line.startswith("sell_thing: its example is not what it is asked and answers") for line in played.wrong())
    assert "example" not in json.dumps(client.get("/openapi.json").json)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (lambda example: example["request"].update(price="5000"), "its example is not what it is asked and answers"),
        (lambda example: example["answer"].pop("price"), "its example is not what it is asked and answers"),
        (lambda example: example.update(status=200), "200 stands in no description"),
        (lambda example: example["answer"].update(name=7), "its example is not what"),
        (lambda example: example["request"].update(name=""), "its request is refused: {'name'"),
        (lambda example: example["request"].update(price=-1), "its request at price: -1 is less than the minimum"),
        (lambda example: example["answer"].update(name="1271010502900001"), "1271010502900001 may be somebody's NIK"),
    ],
)  # fmt: skip
def test_an_example_that_no_longer_holds_is_named(written: Recorder, file: Path, how: Change, words: str) -> None:
    change(file, "lay_out", how)
    assert any(line.startswith(f"lay_out: {words}") for line in written.wrong())


def test_an_example_of_an_operation_that_is_gone_is_named(written: Recorder, file: Path) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), "give_away": {"status": 200}}))
    assert written.wrong()[0] == "give_away is no operation"


def test_recording_anew_keeps_what_still_holds(written: Recorder, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(file, "lay_out", lambda example: example["request"].update(name="salak"))
    change(file, "sell_thing", lambda example: example["answer"].pop("price"))
    monkeypatch.setenv("WRITE_EXAMPLES", "1")
    assert written.wrong() == ["drop_thing: was not played"]
    known = json.loads(file.read_text())
    assert known["lay_out"]["request"]["name"] == "salak"
    assert known["sell_thing"]["answer"]["price"] == 5000


def test_a_number_that_could_be_somebodys_is_recorded_as_nobodys(
    written: Recorder, file: Path, laid_out: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out(name="1271010502900001")
    change(file, "lay_out", lambda example: example["request"].clear())
    monkeypatch.setenv("WRITE_EXAMPLES", "1")
    assert written.wrong() == ["drop_thing: was not played"]
    assert json.loads(file.read_text())["lay_out"]["request"]["name"] == "9971010502900001"


def test_no_secret_is_recorded(written: Recorder, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written.heard["sell_thing"]["answer"]["tokens"] = [{"access_token": "open sesame", "expires_in": 600}]
    monkeypatch.setenv("WRITE_EXAMPLES", "1")
    written.wrong()
    assert json.loads(file.read_text())["sell_thing"]["answer"]["tokens"] == [{"access_token": "…", "expires_in": 600}]


def test_of_a_long_list_three_entries_are_shown(client: FlaskClient, recorder: Recorder, as_: Any, laid_out: Any) -> None:
    for _ in range(5):
        laid_out()
    client.get("/v1/things", headers=as_("siti", "citizen"))
    assert len(recorder.heard["list_things"]["answer"]["items"]) == 3


def test_an_answer_that_is_sent_from_a_file_is_read_to_its_end_and_the_file_closed(
    recorder: Recorder, as_: Any, laid_out: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: list[BytesIO] = []

    def sent_from_a_file() -> Response:
        files.append(BytesIO(b"name,price"))
        return Response(FileWrapper(files[-1]), content_type="text/csv", direct_passthrough=True)

    (endpoint,) = (name for name in recorder.app.view_functions if name.endswith(".list_things"))
    monkeypatch.setitem(recorder.app.view_functions, endpoint, sent_from_a_file)
    laid_out()
    assert recorder.get("/v1/things", as_("siti", "citizen")).data == b"name,price"
    assert recorder.heard["list_things"]["answer"] == "name,price"
    recorder.kept_out()
    assert len(files) > 1 and all(file.closed for file in files)


def test_a_shape_knows_names_and_kinds_and_forgets_values_and_lengths() -> None:
    assert shape({"a": [1, 2], "b": None}) == shape({"a": [3], "b": None})
    for other in ({"a": [1]}, {"a": [1.5], "b": None}, {"a": [1], "b": ""}, {"a": [], "b": None}):
        assert shape({"a": [1], "b": None}) != shape(other)
