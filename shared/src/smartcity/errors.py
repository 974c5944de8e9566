"""What a rule may say. The edge makes problem+json of it; nobody else builds an error body."""

from collections.abc import Mapping
from typing import Any


class Refusal(Exception):
    """A refusal with a stable `code` (a key of `messages/*.yaml` under `problems`) and the facts its text may show."""

    status = 409

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


class RuleBroken(Refusal):
    """The request is well formed but the rule says no: 409. In an event handler it is a bug and parks."""


class InputWrong(Refusal):
    """Fields are wrong: 422. `errors` maps a field's path to its message codes."""

    status = 422

    def __init__(self, errors: Mapping[str, Any]) -> None:
        super().__init__("fields-wrong")
        self.errors = dict(errors)


class NotFound(Refusal):
    """There is no such thing, or it is not yours: 404."""

    status = 404

    def __init__(self, code: str = "not-found", **facts: Any) -> None:
        super().__init__(code, **facts)


class Forbidden(Refusal):
    """You are known, but may not: 403."""

    status = 403

    def __init__(self, code: str = "not-allowed", **facts: Any) -> None:
        super().__init__(code, **facts)


class TooLarge(Refusal):
    """The body or file is larger than allowed: 413. Fact: `limit` in bytes."""

    status = 413

    def __init__(self, code: str = "too-large", **facts: Any) -> None:
        super().__init__(code, **facts)


class TooLate(Refusal):
    """Whoever asked has stopped waiting: 503, and nothing is kept."""

    status = 503

    def __init__(self) -> None:
        super().__init__("unavailable")


class NotYet(Exception):
    """Said by an event handler: the fact has come before one it builds on. It waits and is tried again."""
