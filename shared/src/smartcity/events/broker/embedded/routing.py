"""Topic matching as AMQP 0-9-1 §3.1.3.3 has it: `*` is one word, `#` is none or more, so `a.#` matches `a`."""

from collections.abc import Sequence


def matches(binding_key: str, routing_key: str) -> bool:
    """Whether a message with `routing_key` goes to a queue bound with `binding_key` on a topic exchange."""
    return _match(_words(binding_key), _words(routing_key))


def _words(key: str) -> Sequence[str]:
    return key.split(".") if key else []


def _match(pattern: Sequence[str], words: Sequence[str]) -> bool:
    if not pattern:
        return not words
    if pattern[0] == "#":
        return any(_match(pattern[1:], words[skip:]) for skip in range(len(words) + 1))
    return bool(words) and pattern[0] in ("*", words[0]) and _match(pattern[1:], words[1:])
