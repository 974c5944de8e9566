"""Indonesian names in any of their spellings: folded to one, cut to a skeleton of sounds, and compared word by word.

Source of the spellings: Keputusan Mendikbud 0196/U/1975; the table is `data/spelling.yaml`.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from civil_registry.rules.names import normalised

_DOUBLED = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"[aiuoe]")
KEPT = 20_000
"""Single words and pairs of them whose sound is remembered: names are made of few words."""


@dataclass(frozen=True, eq=False)  # there is one: told by which it is, so that what was found with it can be kept
class Spelling:
    """`titles` are no part of a name; `short` is written out; `letters` are pairs (as written, as meant), applied in order."""

    titles: frozenset[str]
    short: Mapping[str, str]
    letters: tuple[tuple[str, str], ...]


def read_spelling(facts: Mapping[str, Any]) -> Spelling:
    """The table of the data file."""
    return Spelling(frozenset(facts["titles"]), facts["short"], tuple((old, new) for old, new in facts["letters"]))


def folded(name: str, spelling: Spelling) -> tuple[str, ...]:
    """The words of a name as they sound: without titles and what stands behind a comma, short forms written out, old spellings in the new, no `h`, no letter doubled."""
    words = [
        word for word in normalised(name.split(",")[0].strip() or name).split() if word not in spelling.titles or word in spelling.short
    ]
    found = tuple(filter(None, (_folded(spelling.short.get(word, word), spelling) for word in words)))
    return found or (normalised(name),)


@lru_cache(KEPT)
def _folded(word: str, spelling: Spelling) -> str:
    for old, new in spelling.letters:
        word = re.sub(old, new, word)
    plain = _DOUBLED.sub(r"\1", word.replace("h", ""))
    return re.sub(r"y\Z", "i", plain) if len(plain) > 1 else plain


def skeleton(word: str) -> str:
    """The consonants of a folded word behind its first letter; a vowel in front is any vowel."""
    return _DOUBLED.sub(r"\1", _VOWELS.sub("a", word[:1]) + _VOWELS.sub("", word[1:]))


def sound_keys(name: str, spelling: Spelling) -> frozenset[str]:
    """What two spellings of one name have in common: the skeleton of each word of two sounds or more, and of the whole."""
    words = folded(name, spelling)
    keys = {skeleton(word) for word in words}
    return frozenset(key for key in keys if len(key) > 1) | {"=" + skeleton("".join(words))}


def likeness(one: str, other: str, spelling: Spelling) -> float:
    """0 to 1: how far two names may be one. Each word of the shorter finds its like in the other; written together counts as apart."""
    first, second = folded(one, spelling), folded(other, spelling)
    together = _likeness("".join(first), "".join(second))
    if len(first) > len(second):
        first, second = second, first
    ways = [(first, second), (second, first)] if len(first) == len(second) else [(first, second)]  # the same both ways
    apart = max(_apart(shorter, longer) for shorter, longer in ways)
    return max(apart, together) if len(first) != len(second) else apart


def _apart(shorter: Sequence[str], longer: Sequence[str]) -> float:
    found = _paired(shorter, longer)
    return (sum(found) / len(found) + min(found)) / 2 * (1 - 0.1 * (len(longer) - len(shorter)))


def _paired(first: Sequence[str], second: Collection[str]) -> list[float]:
    left, found = list(second), []
    for word in first:
        best = max(left, key=lambda other: _likeness(word, other))
        found.append(_likeness(word, best))
        left.remove(best)
    return found


@lru_cache(KEPT)
def _likeness(one: str, other: str) -> float:
    longest = max(len(one), len(other))
    return 1 - _edits(one, other) / longest if longest else 1.0


def _edits(one: str, other: str) -> int:
    """Levenshtein distance: letters put in, taken out or changed."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        above, row[0] = row[0], i
        for j, against in enumerate(other, start=1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (letter != against))
    return row[-1]
