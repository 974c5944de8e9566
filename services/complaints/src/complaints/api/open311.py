"""`/open311/v2`: GeoReport v2, for applications that know no city in particular. Its own keys, its own errors, XML and JSON."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Response, current_app, request
from marshmallow import EXCLUDE, ValidationError, pre_load, validate

from complaints.api.complaint_views import Plain
from complaints.api.complaints import label
from complaints.api.open311_forms import ROOT, fingerprint, refused, said
from complaints.api.open311_views import definition_view, discovery_view, filed_view, request_view, service_view, update_view
from complaints.use_cases import open311 as use_cases
from complaints.use_cases import open311_filing, open311_resends
from complaints.use_cases.categories import categories
from complaints.use_cases.filing import APPLICATION
from complaints.use_cases.open311_keys import SETTING, holder_of
from complaints.use_cases.visibility import by_token
from smartcity.errors import InputWrong, NotFound
from smartcity.http import Actor, Blueprint, Schema, actor, fields, now, session

LONGEST_KEY = 200
ATTRIBUTE = re.compile(r"attribute\[([A-Za-z0-9_]{1,40})\](\[\])?")
LISTED = {"type": "array", "items": {"type": "object"}}


def application() -> Actor | None:
    """Whose key the request carries; `None` where it carries none that holds."""
    key = request.values.get("api_key", "")
    settings = current_app.extensions["smartcity.settings"]
    name = holder_of(settings.extra[SETTING], key) if 0 < len(key) <= LONGEST_KEY else None
    return Actor(sub=f"{APPLICATION}:{name}", roles=frozenset({APPLICATION}), client=name) if name else None


ERRORS = {"type": "array", "items": {"type": "object", "required": ["code", "description"]}}
XML = {"text/xml": {"schema": {"type": "string"}}}
FORM = {"in": "path", "name": "form", "required": True, "schema": {"type": "string", "enum": ["xml", "json"]}}
open311 = Blueprint(
    "open311", description="Open311 GeoReport v2; `form` is `xml` or `json`.", prefix=ROOT, authenticate=application,
    refusals={"application/json": ERRORS, "text/xml": {"type": "string"}},
)  # fmt: skip
open311.errorhandler(Exception)(refused)


class FilingForm(Schema):
    """What GeoReport v2 names; an empty field is as one left out, and what it does not name is ignored."""

    class Meta:
        unknown = EXCLUDE

    api_key = fields.String(required=True)
    jurisdiction_id = fields.String()
    service_code = fields.String(required=True)
    lat = fields.Float(allow_nan=False)
    long = fields.Float(allow_nan=False)
    address_string = Plain(min=3, max=300)
    address_id = fields.Code(metadata={"description": "The code of the kelurahan"})
    description = Plain(max=4000)
    media_url = fields.String(validate=[validate.URL(schemes={"http", "https"}), validate.Length(max=2000)])
    email = fields.Text(max=60)
    phone = fields.Text(max=40)
    first_name = fields.Text(max=60)
    last_name = fields.Text(max=59)
    device_id = fields.String(metadata={"description": "Not kept"})
    account_id = fields.String(metadata={"description": "Not kept"})

    @pre_load
    def without_empty(self, sent: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Optional means the same whether empty or not there (GeoReport v2, definitions)."""
        return {name: sent[name] for name in self.fields if sent.get(name)}


def outside(view: Any) -> Any:
    """Arguments the protocol does not name are ignored; `form` is one of two."""
    view.raw_query = True
    return open311.doc(parameters=[FORM])(view)


@open311.before_request
def must_be_spoken_here() -> None:
    """Only `xml` and `json` are spoken, for one jurisdiction."""
    if (request.view_args or {}).get("form") not in ("xml", "json"):
        raise NotFound("form-unknown")
    use_cases.must_be_here(request.values.get("jurisdiction_id", ""))


@open311.get("/discovery.<string:form>")
@outside
@open311.doc(responses={200: {"content": XML}})
@open311.response(200, {"type": "object"})
def open311_discovery(form: str) -> Response:
    """Where GeoReport v2 is spoken here, and how to get a key."""
    settings = current_app.extensions["smartcity.settings"]
    return said("discovery", discovery_view(f"{settings.public_url}{ROOT}", settings.environment))


@open311.get("/services.<string:form>")
@outside
@open311.doc(responses={200: {"content": XML}})
@open311.response(200, LISTED)
def open311_services(form: str) -> Response:
    """What can be asked for: the categories of complaints."""
    return said("services", [service_view(one, label) for one in categories().values()])


@open311.get("/services/<string:code>.<string:form>")
@outside
@open311.doc(responses={200: {"content": XML}})
@open311.response(200, {"type": "object"})
def open311_definition(code: str, form: str) -> Response:
    """What is asked besides for a service."""
    return said("service_definition", definition_view(use_cases.service(code), label))


@open311.post("/requests.<string:form>")
@outside
@open311.arguments(FilingForm, location="form", content_type="application/x-www-form-urlencoded")
@open311.doc(responses={201: {"content": XML}})
@open311.response(201, LISTED)
def open311_file(sent: dict[str, Any], form: str) -> Response:
    """File a complaint; also as multipart/form-data with up to six photos. `attribute[code]` answers what the service asks.

    The same form sent again within minutes is the same complaint.
    """
    given = {found[1]: request.form.getlist(name) for name in request.form if (found := ATTRIBUTE.fullmatch(name))}
    names = {one.code: label(one.label_code) for one in categories().values()}
    filed, token = open311_resends.once(
        session(), fingerprint(actor().sub), now(),
        lambda: open311_filing.file(session(), actor(), sent, given, list(request.files.values()), now(), names),
    )  # fmt: skip
    return said("service_requests", [filed_view(filed, token, label, _public_url())], 201)


@open311.get("/tokens/<string:token>.<string:form>")
@outside
@open311.doc(responses={200: {"content": XML}})
@open311.response(200, LISTED)
def open311_token(token: str, form: str) -> Response:
    """The number of the complaint a follow-up token opens."""
    try:
        found = by_token(session(), token)
    except NotFound:
        raise NotFound("token-unknown") from None
    return said("service_requests", [{"service_request_id": found.number, "token": token}])


@open311.get("/requests.<string:form>")
@outside
@open311.doc(responses={200: {"content": XML}})
@open311.response(200, LISTED)
def open311_requests(form: str) -> Response:
    """Complaints by their numbers, or those filed within 90 days, at most a thousand, newest first."""
    if numbers := _words("service_request_id"):
        found = use_cases.named(session(), actor(), numbers)
    else:
        codes, statuses = [use_cases.service(code).code for code in _words("service_code")], _words("status")
        if set(statuses) - set(use_cases.STATUSES):
            raise InputWrong({"status": ["status-unknown"]})
        found = use_cases.requests(session(), codes, statuses, _window())
    return said("service_requests", [request_view(one, actor(), label, _public_url()) for one in found])


@open311.get("/requests/<string:number>.<string:form>")
@outside
@open311.doc(responses={200: {"content": XML}})
@open311.response(200, LISTED)
def open311_request(number: str, form: str) -> Response:
    """One complaint; one nobody of the city has read yet is shown to the key that filed it."""
    found = use_cases.request(session(), actor(), number)
    return said("service_requests", [request_view(found, actor(), label, _public_url())])


@open311.get("/servicerequestupdates.<string:form>")
@outside
@open311.doc(responses={200: {"content": XML}})
@open311.response(200, LISTED)
def open311_updates(form: str) -> Response:
    """What has happened to complaints within 90 days, at most a thousand, oldest first (extension of FixMyStreet)."""
    found = use_cases.updates(session(), _window())
    return said("service_request_updates", [update_view(line, number, label) for line, number in found])


def _public_url() -> str:
    return str(current_app.extensions["smartcity.settings"].public_url)


def _words(name: str) -> list[str]:
    return [word for value in request.args.getlist(name) for word in value.split(",") if word]


def _window() -> use_cases.Window:
    return use_cases.window(_moment("start_date"), _moment("end_date"), now())


def _moment(name: str) -> datetime | None:
    text = request.args.get(name, "").replace(" ", "+")  # a plus that was sent as it is arrives as a space
    try:
        return fields.Moment().deserialize(text) if text else None
    except ValidationError:
        raise InputWrong({name: ["moment-malformed"]}) from None
