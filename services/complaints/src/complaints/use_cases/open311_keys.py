"""Who may file by Open311: the applications whose keys are declared in a setting, each by its SHA-256 alone."""

import hashlib
import hmac
import re

from smartcity.settings import Settings, SettingsError

SETTING = "OPEN311_API_KEYS"
DECLARED = re.compile(r"(?P<name>[a-z0-9][a-z0-9-]{0,39}):(?P<digest>[0-9a-f]{64})")


def check(settings: Settings) -> None:
    """Raises `SettingsError` where a declared key is not `name:sha256`."""
    if any(DECLARED.fullmatch(word) is None for word in settings.extra[SETTING].split()):
        raise SettingsError(f"{SETTING} holds something else than name:sha256, separated by spaces")


def holder_of(declared: str, key: str) -> str | None:
    """The name of the application whose key it is; `None` for a key nobody has. A key is long and random: one hash is enough."""
    digest = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
    names = [name for name, _, known in (word.partition(":") for word in declared.split()) if hmac.compare_digest(known, digest)]
    return names[0] if names else None
