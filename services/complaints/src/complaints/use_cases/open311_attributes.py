"""The questions of a category as GeoReport v2 has them (service definition, `attribute[code]`), made of their JSON Schema."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from complaints.use_cases.places import boundaries
from complaints.use_cases.questions import questions, titled
from smartcity.regions import all_kelurahan

PLACE = "kelurahan_code"
"""Asked of every service: the city's own question, in which kelurahan; needed where no boundaries tell it from the point."""
DATATYPES = {"integer": "number", "number": "number", "boolean": "singlevaluelist", "array": "multivaluelist"}
YES, NO = "true", "false"


def attributes(code: str, label: Callable[[str], str]) -> list[dict[str, Any]]:
    """What a category asks, the kelurahan first; empty `values` are left out as the specification's examples do for what is typed."""
    schema = titled(code, label) or {"properties": {}}
    places = [(place.code, f"{place.name}, {place.kecamatan.name}") for place in all_kelurahan()]
    asked = [_attribute(PLACE, "singlevaluelist", label(f"question.{PLACE}"), places, required=not boundaries())]
    for name, terms in schema["properties"].items():
        asked.append(_attribute(name, datatype(terms), terms["title"], choices(terms, label), required=name in schema.get("required", ())))
    return [{**one, "order": order} for order, one in enumerate(asked, 1)]


def _attribute(code: str, kind: str, title: str, values: Sequence[tuple[str, str]], *, required: bool) -> dict[str, Any]:
    told = {"variable": True, "code": code, "datatype": kind, "required": required, "datatype_description": None, "description": title}
    return {**told, "values": [{"key": key, "name": name} for key, name in values]} if values else told


def datatype(terms: Mapping[str, Any]) -> str:
    """GeoReport's word for a question's kind."""
    return "singlevaluelist" if "enum" in terms else DATATYPES.get(terms.get("type", "string"), "string")


def choices(terms: Mapping[str, Any], label: Callable[[str], str]) -> list[tuple[str, str]]:
    """Key and name of each value that may be chosen; empty where it is typed."""
    if terms.get("type") == "boolean":
        return [(YES, label("answer.true")), (NO, label("answer.false"))]
    keys = terms.get("enum") or terms.get("items", {}).get("enum", ())
    return [(key, label(f"answer.{key}")) for key in keys]


def answers(code: str, given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What was chosen or typed, in the kinds the category's schema asks for; what cannot be read stays text, and is refused as such."""
    asked = questions().get(code, {}).get("properties", {})
    return {name: _read(asked.get(name, {}), values) for name, values in given.items() if name != PLACE}


def _read(terms: Mapping[str, Any], values: Sequence[str]) -> Any:
    kind = terms.get("type")
    if kind == "array":
        return list(values)
    if kind == "boolean":
        return {YES: True, NO: False}.get(values[0], values[0])
    if kind in ("integer", "number"):
        return _number(values[0])
    return values[0]


def _number(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text) if len(text) <= 20 and text.isascii() else text
        except ValueError:
            continue
    return text
