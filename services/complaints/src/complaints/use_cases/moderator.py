"""Who looks at words and photos before a person does, where its address is set: it doubts, and a person decides. The place to plug in another."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from smartcity.partner import address
from smartcity.settings import Settings

REASONS = frozenset({"abusive", "names-somebody", "face", "number-plate", "indecent"})
OTHER = "other"
"""What a reason means here that we have no word for: a person looks all the same."""


@dataclass(frozen=True)
class Words:
    """What a reporter typed."""

    title: str
    address: str
    text: str


@dataclass(frozen=True)
class Picture:
    """A photo, made anew without its hidden data, as JPEG or PNG."""

    media_type: str
    content: bytes


class ModeratorAway(Exception):
    """It cannot be reached, or answered what cannot be understood; asked again later. Names the reason by a code."""


class Moderator(Protocol):
    """One way to have a first look taken."""

    def look(self, reference: UUID, shown: Words | Picture) -> frozenset[str]:
        """What it doubts, codes of `REASONS` or `OTHER`; nothing where it doubts nothing. `reference` is the same at every question about
        the same, and names no complaint. Raises `ModeratorAway`.
        """
        ...


_named: list[Moderator] = []


def named() -> Moderator | None:
    """The one of this process, where there is one."""
    return _named[0] if _named else None


def choose(other: Moderator | None) -> None:
    """Put another in its place, or none."""
    _named[:] = [other] if other else []


def configure(config: Settings) -> None:
    """Read `MODERATOR_URL`; opens nothing. Raises `SettingsError` for an address that is none."""
    from complaints.use_cases.moderator_over_http import OverHttp  # here, so that it may know what a moderator is

    url = address(config, "MODERATOR_URL")
    choose(OverHttp(url, config.extra["MODERATOR_TOKEN"]) if url else None)
