"""The seal of a day: any change of an entry, of their order or of the day before makes another."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance_sts.rules.seals import FIRST, SealedEntry, seal_of

DAY = date(2026, 2, 12)
ENTRY = SealedEntry(
    UUID(int=7), datetime(2026, 2, 12, 3, tzinfo=UTC), DAY, "payment:7", 100, None, [(1, "1.1", 100, 0), (2, "4.1", 0, 100)]
)  # fmt: skip


def seal(*entries: SealedEntry, previous: bytes = FIRST, office: str = "DPMPTSP", day: date = DAY) -> bytes:
    return seal_of(previous, office, day, entries)[0]


def test_the_canonical_bytes_stay_what_they_are() -> None:
    assert ENTRY.canonical() == (
        b'["00000000-0000-0000-0000-000000000007","2026-02-12T03:00:00.000000+00:00","2026-02-12","payment:7",100,null,'
        b'[[1,"1.1",100,0],[2,"4.1",0,100]]]\n'
    )
    assert seal(ENTRY).hex()[:12] == "ce8040465ac6"


def test_the_same_moment_in_another_zone_and_lines_in_another_order_are_the_same_entry() -> None:
    jakarta = ENTRY.at.astimezone(timezone(timedelta(hours=7)))
    assert replace(ENTRY, at=jakarta, lines=reversed(list(ENTRY.lines))).canonical() == ENTRY.canonical()


@pytest.mark.parametrize(
    "change",
    [
        {"id": UUID(int=8)}, {"at": ENTRY.at + timedelta(microseconds=1)}, {"day": date(2026, 2, 13)}, {"cause": "payment:8"}, {"total": 101},
        {"corrects": UUID(int=1)}, {"lines": [(1, "1.1", 100, 0), (2, "4.2", 0, 100)]}, {"lines": [(1, "1.1", 100, 0)]},
    ],
)  # fmt: skip
def test_every_part_of_an_entry_is_sealed(change: dict[str, Any]) -> None:
    assert seal(replace(ENTRY, **change)) != seal(ENTRY)


def test_the_day_before_the_office_the_day_and_the_order_are_sealed() -> None:
    other = replace(ENTRY, id=UUID(int=9))
    seals = [
        seal(ENTRY, other), seal(other, ENTRY), seal(ENTRY), seal(), seal(ENTRY, previous=seal()), seal(ENTRY, office="DISHUB"),
        seal(ENTRY, day=date(2026, 2, 13)),
    ]  # fmt: skip
    assert len(set(seals)) == len(seals)


@given(st.lists(st.integers(1, 10**15), min_size=1, max_size=8), st.data())
def test_of_any_day_no_amount_changes_unseen(amounts: list[int], data: st.DataObject) -> None:
    entries = [replace(ENTRY, id=UUID(int=n), lines=[(1, "1.1", a, 0), (2, "4.1", 0, a)]) for n, a in enumerate(amounts)]
    at = data.draw(st.integers(0, len(entries) - 1))
    changed = [*entries]
    changed[at] = replace(entries[at], lines=[(1, "1.1", amounts[at] + 1, 0), (2, "4.1", 0, amounts[at] + 1)])
    assert seal(*changed) != seal(*entries)
    assert seal_of(FIRST, "X", DAY, entries)[1] == len(entries)
