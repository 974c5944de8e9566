"""The register's chain: each entry carries the hash of the one before, so that a change of any of them shows.

The hash covers the entry's content as canonical JSON, not its encrypted bytes: keys may be rotated without breaking the
chain. The content holds a random salt, so that the hash tells nothing of the names and dates in it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

BEGINNING = bytes(32)
_PURPOSE = b"civil-register.v1\0"


@dataclass(frozen=True)
class Link:
    """One entry as it stands in the register. `position` counts from 1."""

    position: int
    content: str
    previous: bytes
    hash: bytes


def canonical(content: Mapping[str, Any]) -> str:
    """The one way of writing `content` (texts, whole numbers, lists, objects) as JSON."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def hash_of(previous: bytes, position: int, content: str) -> bytes:
    """32 bytes that stand for the entry and everything before it."""
    if len(previous) != 32:
        raise ValueError("a hash has 32 bytes")
    return hashlib.sha256(_PURPOSE + previous + position.to_bytes(8) + hashlib.sha256(content.encode()).digest()).digest()


def holds(link: Link) -> bool:
    """Is the entry itself unchanged?"""
    return hash_of(link.previous, link.position, link.content) == link.hash


def first_break(links: Iterable[Link], position: int = 1, previous: bytes = BEGINNING) -> int | None:
    """The position of the first entry that is missing, changed or out of place; `None` where the whole chain holds.

    `position` and `previous` say where to begin: the place of the first link, and the hash before it.
    """
    for link in links:
        if link.position != position or link.previous != previous or not holds(link):
            return position
        position, previous = position + 1, link.hash
    return None
