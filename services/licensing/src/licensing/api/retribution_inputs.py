"""Inputs of a retribution as they come over the wire: the field names of the published worked examples."""

from collections.abc import Mapping
from typing import Any

from marshmallow import validate

from smartcity.errors import InputWrong
from smartcity.http import Schema, fields

MOST_ITEMS, MOST_PARTS, MOST_RELIEFS, MOST_STOREYS, MOST_LEVELS = 100, 50, 10, 300, 50


class GrantedRelief(Schema):
    kode = fields.Code(required=True, metadata={"description": "A row of `tariffs/reliefs`"})
    keputusan = fields.Text(min=3, max=200, metadata={"description": "The decision that grants it; needed when the retribution is fixed"})


class Relievable(Schema):
    keringanan = fields.List(fields.Nested(GrantedRelief), validate=validate.Length(max=MOST_RELIEFS))


class PbgPart(Schema):
    jumlah_lantai = fields.Whole(min=1, max=MOST_STOREYS, required=True)
    luas_lantai_m2 = fields.Exact(required=True)
    lapis_basemen = fields.Whole(max=MOST_LEVELS)
    luas_basemen_m2 = fields.Exact()


class PbgItem(Schema):
    nama = fields.Text(min=1, max=120, required=True)
    volume = fields.Exact(required=True)
    indeks = fields.Exact()
    ibg = fields.Exact()
    hspbg = fields.Exact()


class PbgInputs(Relievable):
    fungsi = fields.Code(required=True)
    kompleksitas = fields.Code(required=True)
    permanensi = fields.Code(required=True)
    jumlah_lantai = fields.Whole(min=1, max=MOST_STOREYS, required=True)
    luas_lantai_m2 = fields.Exact(required=True)
    lapis_basemen = fields.Whole(max=MOST_LEVELS)
    luas_basemen_m2 = fields.Exact()
    bagian_lain = fields.List(
        fields.Nested(PbgPart),
        validate=validate.Length(max=MOST_PARTS),
        metadata={"description": "Parts of the building with another number of storeys"},
    )
    kepemilikan = fields.Code(required=True)
    ilo = fields.Exact()
    shst = fields.Exact()
    jenis_pekerjaan = fields.Code(required=True)
    prasarana = fields.List(fields.Nested(PbgItem), validate=validate.Length(max=MOST_ITEMS))


class ImbItem(Schema):
    nama = fields.Text(min=1, max=120, required=True)
    volume = fields.Exact(required=True)
    indeks = fields.Exact()
    hspbg = fields.Exact()


class ImbInputs(Relievable):
    fungsi = fields.Code(required=True)
    klasifikasi = fields.Dict(keys=fields.Text(max=40), values=fields.Code(), required=True)
    waktu_penggunaan = fields.Code(required=True)
    lingkup = fields.Code(required=True)
    luas_m2 = fields.Exact(required=True)
    hsbg = fields.Exact()
    prasarana = fields.List(fields.Nested(ImbItem), validate=validate.Length(max=MOST_ITEMS))
    biaya_formulir = fields.Exact()


class LocalInputs(Relievable):
    luas_m2 = fields.Exact(required=True)
    indeks = fields.Code(required=True)
    tarif = fields.Exact()


class NoInputs(Schema):
    """Nothing is charged."""


SCHEMAS: Mapping[str, type[Schema]] = {
    "pp-16-2021": PbgInputs,
    "permen-pu-24-2007": ImbInputs,
    "local-tariff": LocalInputs,
    "none": NoInputs,
}


def typed_inputs(rule_set: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs of a rule set with exact numbers; raises `InputWrong` naming the fields under `inputs`."""
    schema = SCHEMAS[rule_set]()
    if errors := schema.validate(raw):
        raise InputWrong({"inputs": errors})
    return schema.load(raw)  # type: ignore[no-any-return]
