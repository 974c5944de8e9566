"""What is wrong with a field is said in the language asked for, also where the words are the library's own and hold numbers."""

import pytest
from marshmallow import Schema, ValidationError, validate

from smartcity.http import fields
from smartcity.http.languages import LANGUAGES, Messages

TEXTS = Messages(())
LIMITS = {
    "between": validate.Length(min=5, max=120), "longest": validate.Length(max=40), "shortest": validate.Length(min=3), "exactly": validate.Length(equal=16),
    "range": validate.Range(1, 5), "least": validate.Range(min=2), "most": validate.Range(max=9), "more": validate.Range(min=0, min_inclusive=False),
    "less": validate.Range(max=7, max_inclusive=False), "choice": validate.OneOf(["shown", "hidden"]), "address": validate.URL(), "mail": validate.Email(),
}  # fmt: skip
WRONG = {"between": "x", "longest": "x" * 41, "shortest": "x", "exactly": "x", "range": 6, "least": 1, "most": 10, "more": 0, "less": 7,
         "choice": "lost", "address": "here", "mail": "me"}  # fmt: skip


def said(name: str) -> str:
    with pytest.raises(ValidationError) as refused:
        LIMITS[name](WRONG[name])
    return str(refused.value.messages[0])


class _Everything(Schema):
    text = fields.Text(min=1)
    whole = fields.Whole()
    exact = fields.Exact()
    number = fields.Float()
    ident = fields.UUID()
    day = fields.Day()
    moment = fields.Moment()
    truth = fields.Boolean()
    many = fields.List(fields.Text())
    of_words = fields.Dict()
    needed = fields.Text(required=True)


@pytest.mark.parametrize("name", LIMITS)
def test_every_limit_has_its_words_in_both_languages_with_its_numbers(name: str) -> None:
    message = said(name)
    texts = [TEXTS.field(message, language) for language in LANGUAGES]
    assert message not in texts[:1] and texts[0] != texts[1]
    for fact in ("5", "120", "40", "3", "16", "1", "2", "9", "0", "7", "shown, hidden"):
        if f" {fact}" in message:
            assert all(fact in text for text in texts), (message, texts)
    assert "{" not in "".join(texts)


def test_a_length_is_said_as_a_person_would() -> None:
    assert TEXTS.field(said("between"), "id") == "Panjangnya antara 5 dan 120."
    assert TEXTS.field(said("choice"), "en") == "Choose one of: shown, hidden."


def test_every_form_of_a_field_has_its_words_too() -> None:
    wrong = {
        "text": 1,
        "whole": "x",
        "exact": "x",
        "number": "x",
        "ident": "x",
        "day": "x",
        "moment": "x",
        "truth": "x",
        "many": 1,
        "of_words": 1,
    }
    naive = _Everything().validate({"needed": "x", "moment": "2026-01-01T00:00:00"})
    for messages in [*_Everything().validate(wrong).values(), *naive.values()]:
        assert TEXTS.field(messages[0], "id") != messages[0], messages


def test_what_has_no_text_is_said_as_it_is() -> None:
    assert TEXTS.field("no-such-code {x}", "id") == "no-such-code {x}"
