"""`civil-records/{no}`: an entry of the register; `civil-records/searches`: entries found by what a person can say."""

from typing import Any

from civil_registry.api.purpose import PurposeQuery
from civil_registry.use_cases import civil_records, register_search
from smartcity.http import Blueprint, Schema, actor, fields, permitted, session

records = Blueprint("civil_records", description="The register: entries are added and chained, never changed.")


class MarginalNoteView(Schema):
    position = fields.Whole()
    kind = fields.String(metadata={"description": "correction, cancellation, copy, or nik_given: later than the entry"})
    noted_on = fields.Day()
    content = fields.Dict(allow_none=True)


class CivilRecordView(Schema):
    number = fields.String(attribute="record.number")
    position = fields.Whole(attribute="record.position")
    event = fields.String()
    kind = fields.String(attribute="record.kind", metadata={"description": "in_time or late"})
    kelurahan_code = fields.String(attribute="record.kelurahan_code")
    registered_on = fields.Day(attribute="record.registered_on")
    registration_id = fields.UUID(attribute="record.registration_id")
    content = fields.Dict(allow_none=True, metadata={"description": "The entry, as far as the caller may see it"})
    marginal_notes = fields.List(fields.Nested(MarginalNoteView), metadata={"description": "What happened to the entry since"})
    hash = fields.String()
    previous_hash = fields.String()
    unchanged = fields.Boolean(metadata={"description": "The hash fits what the entry says"})


class SearchRequest(Schema):
    nik = fields.Nik(load_default=None, metadata={"description": "Of the child, a parent, or who died; 16 digits"})
    name = fields.Text(min=2, max=200, load_default=None, metadata={"description": "The child's whole name, in any usual spelling"})
    born_on = fields.Day(load_default=None)
    purpose = fields.Code(metadata={"description": "Why; kept in the access log of every entry shown"})


class FoundRecordView(Schema):
    number = fields.String(attribute="record.number")
    event = fields.String()
    name = fields.String(metadata={"description": "Of the child, or who died"})
    day = fields.Day(metadata={"description": "Of birth or death"})
    kind = fields.String(attribute="record.kind", metadata={"description": "in_time or late"})
    registered_on = fields.Day(attribute="record.registered_on")
    registration_id = fields.UUID(attribute="record.registration_id")


class FoundRecords(Schema):
    items = fields.List(fields.Nested(FoundRecordView))


@records.post("/civil-records/searches")
@records.arguments(SearchRequest)
@records.response(200, FoundRecords)
def search_civil_records(request: dict[str, Any]) -> dict[str, Any]:
    """Find entries by a NIK, or by a child's name and day of birth: at most 20, the newest first. A POST, so that no address holds a NIK."""
    asked = register_search.Asked(request["nik"], request["name"], request["born_on"], request.get("purpose"))
    return {"items": register_search.search(session(), actor(), asked)}


@records.get("/civil-records/<string:number>")
@records.arguments(PurposeQuery, location="query")
@records.response(200, CivilRecordView)
def show_civil_record(query: dict[str, Any], number: str) -> dict[str, Any]:
    """One entry by its number; an official says why they look."""
    return civil_records.show(session(), actor(), permitted(civil_records.record_by_number(session(), number)), query.get("purpose"))
