"""What a parent says of a birth: read from the registration, checked as a whole, written back. Its shape is that of the request."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from civil_registry.model.birth_registration import BirthRegistration, Sex
from civil_registry.model.registration_person import Part, RegistrationPerson
from civil_registry.rules.names import normalised
from civil_registry.rules.paths import wrong_circumstances
from civil_registry.rules.plausibility import Limits, impossible
from civil_registry.use_cases.registry_data import birth_path, circumstances, path_under, registry
from smartcity.calendar import JAKARTA, day_of
from smartcity.errors import InputWrong
from smartcity.regions import kelurahan
from smartcity.storage import blind_index

CHILD = {
    "name": "child_name", "sex": "child_sex", "born_on": "born_on", "born_at": "born_at", "birth_place_kind": "birth_place_kind",
    "birth_place_name": "birth_place_name", "birth_city": "birth_city", "order": "child_order", "weight_g": "weight_g",
    "length_cm": "length_cm", "helper": "helper", "birth_country": "birth_country",
}  # fmt: skip
NAMED = ("name", "nik")
PEOPLE = {
    Part.MOTHER: (*NAMED, "born_on"),
    Part.FATHER: (*NAMED, "born_on"),
    Part.REPORTER: (*NAMED, "relation"),
    Part.WITNESS: NAMED,
}
MAY_BE_EMPTY = {(Part.FATHER, "born_on"), (Part.FATHER, "nik")}  # the father's NIK: as the path asks
REQUIRED = "Missing data for required field."


def nik_index(nik: str) -> bytes:
    """The keyed hash by which an equal NIK is found."""
    return blind_index(nik, "nik")


def details_of(registration: BirthRegistration) -> dict[str, Any]:
    """Everything the parent has said."""
    people = {part: _said(registration.person(part), part) for part in (Part.MOTHER, Part.FATHER, Part.REPORTER)}
    witnesses = [_said(person, Part.WITNESS) for person in registration.people if person.part is Part.WITNESS]
    child = {name: getattr(registration, column) for name, column in CHILD.items()}
    return {
        "path": registration.path,
        "circumstances": list(registration.circumstances),
        "kelurahan_code": registration.kelurahan_code or None,
        "family_card_no": registration.family_card_no,
        "bundle": list(registration.bundle),
        "child": {**child, "name": registration.child_name or None, "twin_order": registration.twin_order or None},
        **{part.value: said for part, said in people.items()},
        "witnesses": witnesses,
    }


def _said(person: RegistrationPerson | None, part: Part) -> dict[str, Any] | None:
    return None if person is None else {name: getattr(person, name) for name in PEOPLE[part]}


def merged(details: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """The details after a change: of child and people only the fields named, witnesses as a whole, `father: null` takes him out."""
    new = dict(details)
    for name, value in change.items():
        partly = isinstance(value, Mapping) and isinstance(details.get(name), Mapping)
        new[name] = {**details[name], **value} if partly else value
    return new


def check(details: Mapping[str, Any], now: datetime) -> None:
    """Raises `InputWrong` naming every field that is missing, unknown or cannot be."""
    path = birth_path(details["path"])
    if path is None or not path.open_on(day_of(now)):
        raise InputWrong({"path": ["path-unknown" if path is None else "path-not-open"]})
    if code := wrong_circumstances(details["circumstances"], path.code, circumstances(), day_of(now)):
        raise InputWrong({"circumstances": [code]})
    if missing := _missing(details):
        raise InputWrong(missing)
    wrong = impossible(details, _limits(now))
    for part, said in path_under(path.code, details["circumstances"]).wrong_answers(details).items():
        wrong[part] = {**wrong[part], **said} if isinstance(said, dict) and isinstance(wrong.get(part), dict) else said
    if details["kelurahan_code"] and kelurahan(details["kelurahan_code"]) is None:
        wrong["kelurahan_code"] = ["region-outside-medan"]
    if wrong:
        raise InputWrong(wrong)


def must_be_possible(details: Mapping[str, Any], now: datetime) -> None:
    """Raises `InputWrong` naming what cannot be, whatever is still to be said."""
    if wrong := impossible(details, _limits(now)):
        raise InputWrong(wrong)


def _limits(now: datetime) -> Limits:
    return Limits(now.astimezone(JAKARTA).replace(tzinfo=None), registry()["plausibility"]["youngest_mother"])


def _missing(details: Mapping[str, Any]) -> dict[str, Any]:
    """A person named in part only, after a change."""
    found = {}
    for part in (Part.MOTHER, Part.FATHER, Part.REPORTER):
        said = details.get(part.value)
        lacking = [name for name in PEOPLE[part] if said is not None and said.get(name) is None and (part, name) not in MAY_BE_EMPTY]
        if lacking:
            found[part.value] = {name: [REQUIRED] for name in lacking}
    return found


def columns(details: Mapping[str, Any]) -> dict[str, Any]:
    """The registration's own columns."""
    child, mother = details["child"], details["mother"]
    return {
        "path": details["path"],
        "circumstances": sorted(set(details["circumstances"])),
        "kelurahan_code": details["kelurahan_code"] or "",  # a hospital does not know where the child will live
        "family_card_no": details["family_card_no"],
        "bundle": sorted(set(details.get("bundle") or ())),
        **{column: child.get(name) for name, column in CHILD.items()},
        "child_name": child["name"] or "",
        "child_sex": Sex(child["sex"]),
        "child_name_index": blind_index(normalised(child["name"] or ""), "child-name"),
        "twin_order": child.get("twin_order") or 0,
        "mother_nik_index": nik_index(mother["nik"]) if mother else None,
    }


def write_people(registration: BirthRegistration, details: Mapping[str, Any]) -> None:
    """Name the people of the details in the registration, and nobody else."""
    wanted = {(part, 1): details[part.value] for part in (Part.MOTHER, Part.FATHER, Part.REPORTER) if details.get(part.value)}
    wanted |= {(Part.WITNESS, turn): said for turn, said in enumerate(details["witnesses"], start=1)}
    for person in [person for person in registration.people if (person.part, person.position) not in wanted]:
        registration.people.remove(person)
    for (part, position), said in wanted.items():
        values = {**{name: said.get(name) for name in PEOPLE[part]}, "nik_index": nik_index(said["nik"]) if said.get("nik") else None}
        known = registration.person(part, position)
        if known is None:
            registration.people.append(RegistrationPerson(part=part, position=position, **values))
            continue
        for name, value in values.items():
            setattr(known, name, value)
