"""What is for everybody says so to the caches on its way."""

from flask import Flask

from smartcity.http import published


def test_an_answer_for_everybody_may_be_kept_for_five_minutes_and_is_known_by_its_tag() -> None:
    app, said = Flask("a"), ["first"]
    app.get("/figures")(published(lambda: said[0]))
    first, again = (app.test_client().get("/figures") for _ in range(2))
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert first.headers["ETag"] == again.headers["ETag"]
    said[0] = "second"
    assert app.test_client().get("/figures").headers["ETag"] != first.headers["ETag"]
