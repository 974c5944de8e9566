"""What a parent sends of a birth: opened as a whole, changed in part."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import validate

from civil_registry.model.birth_registration import Sex
from smartcity.http import Schema, fields
from smartcity.identity_number import parse_kk, typed

LONGEST_NAME = 60  # letters of a name with spaces, Permendagri 73/2022 (from memory)
PLACES = ("hospital", "puskesmas", "clinic", "midwife_practice", "home", "other")
HELPERS = ("doctor", "midwife", "nurse", "traditional_helper", "other")
CARDS = ("family_card", "child_card")
RELATIONS = ("mother", "father", "grandparent", "sibling", "other_family", "guardian", "health_worker", "other")
TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]\Z"


class FamilyCard(fields.String):
    """The number of a KK: 16 digits that can be one, in groups or not, read without the spaces."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> str:
        try:
            return parse_kk(typed(super()._deserialize(value, attr, data, **more))).text
        except ValueError:
            raise ma.ValidationError("kk-malformed") from None


class NamedPerson(Schema):
    name = fields.Text(min=1, max=LONGEST_NAME, required=True)
    nik = fields.Nik(required=True, metadata={"description": "16 digits; never refused for its region"})


class Mother(NamedPerson):
    born_on = fields.Day(required=True)


class Father(NamedPerson):
    nik = fields.Nik(
        load_default=None, allow_none=True, metadata={"description": "May be left out where the path and its circumstances say so"}
    )
    born_on = fields.Day(load_default=None, allow_none=True)


class Reporter(NamedPerson):
    relation = fields.String(required=True, validate=validate.OneOf(RELATIONS))


class Child(Schema):
    name = fields.Text(min=1, max=LONGEST_NAME, required=True)
    sex = fields.Enum(Sex, by_value=True, required=True)
    born_on = fields.Day(required=True)
    born_at = fields.String(required=True, validate=validate.Regexp(TIME, error="time-malformed"), metadata={"example": "04:10"})
    birth_place_kind = fields.String(required=True, validate=validate.OneOf(PLACES))
    birth_place_name = fields.Text(min=1, max=120, required=True)
    birth_city = fields.Text(min=1, max=60, required=True, metadata={"description": "True place of birth, printed on the certificate"})
    birth_country = fields.Text(min=1, max=60, load_default=None, allow_none=True, metadata={"description": "Only of a child born abroad"})
    order = fields.Whole(min=1, max=30, load_default=None, allow_none=True, metadata={"description": "Which child of the mother"})
    weight_g = fields.Whole(min=200, max=9_000, load_default=None, allow_none=True)
    length_cm = fields.Whole(min=15, max=80, load_default=None, allow_none=True)
    helper = fields.String(required=True, validate=validate.OneOf(HELPERS))
    twin_order = fields.Whole(
        min=1, max=10, load_default=None, allow_none=True,
        metadata={"description": "Order in a multiple birth; says that a child of the same name, day and mother is another one"},
    )  # fmt: skip


class Particulars(Schema):
    path = fields.Code(required=True, metadata={"example": "married_parents"})
    circumstances = fields.List(
        fields.Code(), load_default=list, validate=validate.Length(max=10),
        metadata={"description": "What holds besides the path, of those a parent tells", "example": ["no_birth_letter"]},
    )  # fmt: skip
    kelurahan_code = fields.Code(required=True, metadata={"description": "Where the child will live", "example": "12.71.01.1001"})
    family_card_no = FamilyCard(load_default=None, allow_none=True, metadata={"description": "KK where the child will be listed"})
    bundle = fields.List(
        fields.String(validate=validate.OneOf(CARDS)), load_default=list, validate=validate.Length(max=2),
        metadata={"description": "Cards asked for along with the certificate: a new KK with the child, and its own card (3 in 1)"},
    )  # fmt: skip
    child = fields.Nested(Child, required=True)
    mother = fields.Nested(Mother, load_default=None, allow_none=True)
    father = fields.Nested(Father, load_default=None, allow_none=True)
    reporter = fields.Nested(Reporter, required=True)
    witnesses = fields.List(fields.Nested(NamedPerson), required=True, validate=validate.Length(max=4))


class RegistrationRequest(Particulars):
    """A birth, whole; with `siblings` a birth of several children."""

    on_behalf = fields.Boolean(
        load_default=False, metadata={"description": "By an officer at the counter: the parent claims it with the code of the answer"}
    )
    siblings = fields.List(
        fields.Nested(Child), load_default=list, validate=validate.Length(max=9),
        metadata={"description": "The other children of the same birth; each gets its own registration and certificate"},
    )  # fmt: skip


_PARTS: dict[str, type[Schema]] = {"child": Child, "mother": Mother, "father": Father, "reporter": Reporter}
IN_PART = (*Particulars().fields, *(f"{part}.{name}" for part, schema in _PARTS.items() for name in schema().fields))


class _InPart(Schema):
    """Nothing of it must be named: the documentation says so too."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**{**more, "partial": True})


class ChildChange(_InPart, Child):
    pass


class MotherChange(_InPart, Mother):
    pass


class FatherChange(_InPart, Father):
    pass


class ReporterChange(_InPart, Reporter):
    pass


class ChangeRequest(Particulars):
    """Only what changes, also within child and people; `witnesses` as a whole; `father: null` takes him out."""

    child = fields.Nested(ChildChange)
    mother = fields.Nested(MotherChange, allow_none=True)
    father = fields.Nested(FatherChange, allow_none=True)
    reporter = fields.Nested(ReporterChange)

    def __init__(self, **more: Any) -> None:
        super().__init__(partial=IN_PART, **more)
