"""`?purpose=`: why an official looks at a person's data."""

from civil_registry.use_cases.registry_data import purposes
from smartcity.http import Schema, fields


class PurposeQuery(Schema):
    purpose = fields.Code(
        metadata={"description": f"Asked of everybody but the parent, kept in the access log: {', '.join(purposes())}"},
    )  # fmt: skip
