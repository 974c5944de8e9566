"""The open data sets of a service and their metadata in the standard of Satu Data (Perpres 39/2019): rows of its `data/data_sets.yaml`."""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from smartcity.errors import NotFound
from smartcity.http import fields
from smartcity.http.blueprint import Schema


class DataSetView(Schema):
    """Metadata in the standard of Satu Data."""

    code = fields.String()
    title = fields.String()
    concept = fields.String()
    definition = fields.String()
    classification = fields.String()
    measure = fields.String()
    unit = fields.String()
    frequency = fields.String()
    legal_basis = fields.String()
    roles = fields.Dict(metadata={"description": "Producer, steward and supervisor of the data"})
    reference_codes = fields.List(fields.Dict())
    distributions = fields.List(fields.Dict())
    columns = fields.List(fields.Dict())


@cache
def data_sets(package: str) -> tuple[dict[str, Any], ...]:
    """Every data set of the service in `package`, with its metadata."""
    return tuple(yaml.safe_load((files(package) / "data" / "data_sets.yaml").read_text())["data_sets"])


def data_set(package: str, code: str) -> dict[str, Any]:
    """The data set `code`; raises `NotFound`."""
    for known in data_sets(package):
        if known["code"] == code:
            return known
    raise NotFound()
