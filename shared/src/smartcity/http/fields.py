"""Fields that refuse what must not come in: controls, lone surrogates, unbounded numbers, wrong NIKs."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import validate
from marshmallow.fields import UUID, AwareDateTime, Boolean, Date, Decimal, Dict, Enum, Float, Integer, List, Nested, Raw, String

__all__ = [
    "UUID", "Boolean", "Code", "Day", "Decimal", "Dict", "Enum", "Exact", "Float", "List", "Moment", "Nested", "Nik", "Raw", "Rupiah", "String", "Text", "Whole",
]  # fmt: skip

BIGGEST = 10**15
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def clean(text: str) -> str:
    """The text in NFC without outer space; raises for control characters and lone surrogates (line breaks may stay)."""
    for char in text:
        if unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t":
            raise ma.ValidationError("text-has-controls")
    return unicodedata.normalize("NFC", text).strip()


class Text(String):
    """What a person typed: `min` to `max` characters after trimming."""

    def __init__(self, *, min: int = 0, max: int = 200, **more: Any) -> None:
        super().__init__(validate=validate.Length(min=min, max=max), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        return clean(super()._deserialize(value, attr, data, **more))


class Code(String):
    """A code: ASCII letters, digits, dot, dash, underscore; at most 80 characters."""

    def __init__(self, **more: Any) -> None:
        super().__init__(validate=validate.Regexp(CODE.pattern + r"\Z", error="code-malformed"), **more)


class Whole(Integer):
    """A whole number between `min` and `max`, as a JSON number."""

    def __init__(self, *, min: int = 0, max: int = BIGGEST, **more: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(min, max), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> int:
        if isinstance(value, str | bool):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **more)


class Rupiah(Whole):
    """Whole rupiah, from 0 (or `min`)."""


class Exact(Decimal):
    """An exact decimal, written as a string or a number; finite, at most 15 digits before and 9 after the point."""

    def __init__(self, **more: Any) -> None:
        super().__init__(allow_nan=False, as_string=True, **more)

    def _validated(self, value: Any) -> Any:
        if isinstance(value, bool) or (isinstance(value, str) and len(value) > 40):
            raise self.make_error("invalid")
        number = super()._validated(value)
        if number is not None and (abs(number) >= BIGGEST or int(number.as_tuple().exponent) < -9):
            raise ma.ValidationError("number-out-of-range")
        return number


class Day(Date):
    """A date, ISO 8601."""


class Moment(AwareDateTime):
    """A moment with its offset, ISO 8601."""

    def __init__(self, **more: Any) -> None:
        super().__init__(format="iso", **more)


class Nik(String):
    """A NIK: 16 digits that can be one, in groups or not, read without the spaces; never refused for its region."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        from smartcity.identity_number import parse_nik, typed

        text = typed(super()._deserialize(value, attr, data, **more))
        try:
            parse_nik(text)
        except ValueError:
            raise ma.ValidationError("nik-malformed") from None
        return text
