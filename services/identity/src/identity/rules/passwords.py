"""Which passwords are refused: too short, too long, known to everybody, or made of the person's own data (NIST SP 800-63B §5.1.1.2).

No rule about capitals, digits or signs: they make passwords worse, not better (same section).
"""

from collections.abc import Collection

SHORTEST, LONGEST = 8, 200
"""Characters. Beyond the longest a hash would only cost time."""
_ADDED = "0123456789!?.,*#@_-$ "
_OWN_AT_LEAST = 4


def weakness(password: str, common: Collection[str], own: Collection[str] = ()) -> str | None:
    """The code of what is wrong with `password`, or `None`.

    `common`: the most used passwords in lower case; the same with digits or signs added is as well known. `own`: what is known of
    the person (name, address, numbers).
    """
    if len(password) < SHORTEST:
        return "password-too-short"
    if len(password) > LONGEST:
        return "password-too-long"
    plain = password.casefold()
    if plain in common or plain.strip(_ADDED) in common or len(set(plain)) <= 2:
        return "password-common"
    words = {word for text in own for word in _words(text)}
    return "password-personal" if any(plain.strip(_ADDED) == word or plain == word for word in words) else None


def _words(text: str) -> set[str]:
    """The text and its parts, in lower case: `Ratna Sari` has `ratna sari`, `ratnasari`, `ratna`, `sari`."""
    plain = text.casefold()
    parts = "".join(char if char.isalnum() else " " for char in plain).split()
    return {word for word in (plain, "".join(parts), *parts) if len(word) >= _OWN_AT_LEAST}
