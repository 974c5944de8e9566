"""The national systems permits are forwarded to: what an adapter must do, and which one the settings name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from licensing.model.permit_forwarding import ForwardingStatus
from smartcity.settings import Settings, SettingsError

SYSTEMS = ("SIMBG", "OSS")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,79}")


class SystemAway(Exception):
    """It cannot be reached, or answers nonsense: try again later. The message is a code, never what it said."""


@dataclass(frozen=True)
class Answer:
    """What became of a permit there: forwarded (taken, not decided), acknowledged, or refused, by codes only."""

    status: ForwardingStatus
    reference: str | None = None
    reason: str | None = None


class Adapter(Protocol):
    """One way to hand permits over. Everything is done by the permit's number: doing it twice is harmless."""

    def send(self, permit_no: str, content: Mapping[str, Any]) -> Answer:
        """Hand the permit over; raises `SystemAway`."""

    def ask(self, permit_no: str) -> Answer | None:
        """What came of a permit that was handed over, `None` while nothing has; raises `SystemAway`."""


class NotConfigured:
    """Nobody has said where the system is: everything waits."""

    def send(self, permit_no: str, content: Mapping[str, Any]) -> Answer:
        raise SystemAway("not-configured")

    def ask(self, permit_no: str) -> Answer | None:
        raise SystemAway("not-configured")


_adapters: dict[str, Adapter] = {}


def configure(config: Settings) -> None:
    """Read `SIMBG_URL` and `OSS_URL`; opens nothing."""
    _adapters.update({name: _adapter(name, config.extra[f"{name}_URL"], config.extra[f"{name}_TOKEN"]) for name in SYSTEMS})


def adapter_of(system: str) -> Adapter:
    return _adapters[system]


def _adapter(name: str, url: str, token: str) -> Adapter:
    from licensing.use_cases.forwarding_by_file import Folders  # here, so that each may know what an adapter is
    from licensing.use_cases.forwarding_by_http import Over

    if not url:
        return NotConfigured()
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path:
        return Folders(unquote(parts.path))
    if parts.scheme in ("http", "https") and parts.hostname:
        return Over(parts, token)
    raise SettingsError(f"{name}_URL must start with one of file://, https://, http://")


def answer_of(told: Any) -> Answer:
    """What a system's own words mean: `status`, and perhaps `reference` and `reason`; raises `SystemAway`."""
    if not isinstance(told, dict) or told.get("status") not in ("forwarded", "acknowledged", "refused"):
        raise SystemAway("answer-unreadable")
    return Answer(ForwardingStatus(told["status"]), code_of(told.get("reference")), code_of(told.get("reason")))


def code_of(told: Any) -> str | None:
    """A code, if it is one: a system's sentences may name people and are not kept."""
    return told if isinstance(told, str) and CODE.fullmatch(told) else None
