"""The chain of the register: nothing can be changed, taken out, put in or moved without showing."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from civil_registry.rules.register_chain import BEGINNING, Link, canonical, first_break, hash_of, holds

CONTENTS = st.lists(st.dictionaries(st.text(max_size=8), st.text(max_size=12) | st.integers(), max_size=4), min_size=1, max_size=8)


def chain(contents: list[dict[str, Any]]) -> list[Link]:
    links: list[Link] = []
    for position, content in enumerate(contents, start=1):
        previous = links[-1].hash if links else BEGINNING
        text = canonical(content)
        links.append(Link(position, text, previous, hash_of(previous, position, text)))
    return links


@given(CONTENTS)
def test_a_chain_that_was_only_added_to_holds(contents: list[dict[str, Any]]) -> None:
    links = chain(contents)
    assert first_break(links) is None
    assert all(holds(link) for link in links)


@given(CONTENTS, st.data())
def test_a_changed_entry_shows_at_its_place(contents: list[dict[str, Any]], data: st.DataObject) -> None:
    links = chain(contents)
    at = data.draw(st.integers(0, len(links) - 1))
    links[at] = replace(links[at], content=links[at].content + " ")
    assert first_break(links) == at + 1


@given(CONTENTS, st.data())
def test_a_changed_entry_with_a_new_hash_shows_at_the_next(contents: list[dict[str, Any]], data: st.DataObject) -> None:
    links = chain([*contents, {"last": 1}])
    at = data.draw(st.integers(0, len(links) - 2))
    forged = canonical({"forged": "yes"})
    links[at] = replace(links[at], content=forged, hash=hash_of(links[at].previous, at + 1, forged))
    assert first_break(links) == at + 2


@given(CONTENTS, st.data())
def test_an_entry_taken_out_shows(contents: list[dict[str, Any]], data: st.DataObject) -> None:
    links = chain([*contents, {"last": 1}])
    at = data.draw(st.integers(0, len(links) - 2))
    assert first_break(links[:at] + links[at + 1 :]) == at + 1


def test_the_same_content_is_written_in_one_way_only() -> None:
    assert canonical({"b": 1, "a": {"y": "é", "x": [1, 2]}}) == canonical({"a": {"x": [1, 2], "y": "é"}, "b": 1})
