"""Events: identity hears none and tells none. No event joins a person's `sub` to anything (DESIGN §6)."""

from collections.abc import Callable, Mapping
from typing import Any

from smartcity.events import Event

HEARS: Mapping[str, Callable[..., None]] = {}
TELLS: Mapping[type, Callable[[Any], Event]] = {}
