"""Complaints by words: in any form, only what everybody may read, the best first, page after page."""

from typing import Any

import pytest


@pytest.fixture
def titled(street: Any) -> Any:
    """A public complaint with these words."""
    return lambda title, **other: street.brought_to("verification", title=title, **other)


def found(street: Any, words: str, headers: dict[str, str] | None = None, **more: Any) -> list[str]:
    answer = street.client.get("/v1/complaints", query_string={"q": words, **more}, headers=headers or {})
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json["items"]]


def test_a_word_is_found_in_any_of_its_forms(street: Any, titled: Any) -> None:
    hole, flood = titled("Lubangnya makin besar"), titled("Genangan setinggi lutut")
    assert found(street, "berlubang") == [hole]
    assert found(street, "tergenang") == [flood]
    assert found(street, "lubang or genangan") == [flood, hole]
    assert found(street, "sisingamangaraja -lubang") == [flood]
    assert found(street, "di dan yang") == [], "nothing but words that say nothing"


def test_the_title_weighs_more_than_the_address(street: Any, titled: Any) -> None:
    beside = titled("Trotoar rusak", address="Jalan Pasar Petisah 3")
    within = titled("Pasar petisah gelap", address="Jalan Rantang 3")
    newest = titled("Lampu padam", address="Jalan Pasar Petisah 9")
    assert found(street, "pasar petisah") == [within, newest, beside]


def test_what_not_everybody_may_read_is_not_found(street: Any, titled: Any) -> None:
    street.file(title="Pohon condong")
    titled("Pohon condong", confidential=True)
    hidden = titled(
        "Pohon condong milik Pak Togar", text="Kata Saragih, pohonnya sudah mati.", reporter_name="Bu Tiurma", landmark="warung Sinaga"
    )
    headers = {**street.staff("verification"), **street.etag(hidden)}
    assert street.client.post(street.path(hidden, "wording"), json={"title": "Pohon condong"}, headers=headers).status_code == 200
    assert found(street, "pohon") == [hidden]
    for words in ("togar", "saragih", "tiurma", "sinaga"):
        assert found(street, words) == [], words


def test_among_my_own_too_and_with_the_other_filters(street: Any, titled: Any) -> None:
    mine = street.file(title="Parit tersumbat sampah")["id"]
    rubbish = titled("Sampah menumpuk", category="sampah")
    assert found(street, "sampah", street.citizen(), mine=True) == [rubbish, mine]
    assert found(street, "sampah", street.citizen("budi"), mine=True) == []
    assert found(street, "sampah", category="sampah", status="received") == [rubbish]
    assert found(street, "sampah", category="drainase") == []


def test_pages_follow_each_other_without_a_gap(street: Any, titled: Any) -> None:
    made = [
        titled(title)
        for title in ("Lubang", "Lubang, lubang", "Lubang di jalan besar", "Lubang di dekat sekolah", "Lubang")
        if len(title) > 4
    ]
    seen, cursor = [], None
    while True:
        page = street.client.get("/v1/complaints", query_string={"q": "lubang", "limit": 2, **({"cursor": cursor} if cursor else {})}).json
        seen += [one["id"] for one in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == found(street, "lubang") and sorted(seen) == sorted(made)
    assert "rank" not in page["items"][0]


@pytest.mark.parametrize("words", ["l", "x" * 101, "a\u0000b"])
def test_words_that_are_none_are_refused(street: Any, words: str) -> None:
    assert street.client.get("/v1/complaints", query_string={"q": words}).json["errors"].keys() == {"q"}


@pytest.mark.parametrize("words", ["' & | !", '"lubang', "lubang:*", "-lubang", "((", "\\'"])
def test_whatever_signs_are_typed_nothing_breaks(street: Any, titled: Any, words: str) -> None:
    titled("Lubang besar")
    assert isinstance(found(street, words), list)
