"""Names compared: how a name is written does not make another child of it."""

import re
import unicodedata

_NOT_WORDS = re.compile(r"[\W_]+")


def normalised(name: str) -> str:
    """Without accents, case, punctuation and doubled spaces; a name that has nothing else is kept as it is, in small letters."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char)).casefold()
    return _NOT_WORDS.sub(" ", plain).strip() or name.strip().casefold()
