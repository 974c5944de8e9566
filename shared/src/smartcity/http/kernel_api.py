"""What every service answers alike: health, metrics, documentation, its part of `me/*`, and `verify/{code}`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Response, current_app, g, jsonify, request
from prometheus_client import REGISTRY
from prometheus_client.exposition import choose_encoder

from smartcity.access_log import AccessRow
from smartcity.errors import NotFound
from smartcity.http import fields, verify_page
from smartcity.http.app import CityFlask, now_of_request
from smartcity.http.blueprint import Blueprint, Schema
from smartcity.http.languages import language
from smartcity.http.paging import merged, page
from smartcity.http.policy import Policy, anyone, signed_in
from smartcity.http.problems import messages
from smartcity.http.published import published
from smartcity.observability import log
from smartcity.settings import SettingsError
from smartcity.storage import revision
from smartcity.storage.encryption import keyring
from smartcity.storage.transaction import is_away


@dataclass(frozen=True)
class Withdrawal:
    """How a case is taken back by whose it is: POST `path` with one of `reason_codes` as `reason_code`."""

    path: str
    reason_codes: Sequence[str]


@dataclass(frozen=True)
class CaseLine:
    """One case of a person, as `me/cases` shows it. `label_code` is a key of the service's labels.

    `withdrawal` where the law lets it be withdrawn as it stands now, else `None`.
    """

    kind: str
    id: str
    number: str | None
    status: str
    label_code: str
    updated_at: datetime
    path: str
    deadline: datetime | None = None
    withdrawal: Withdrawal | None = None


@dataclass(frozen=True)
class Cases:
    """One kind of cases. `of` a person or company: a query; `key`: a UUIDv7 of its rows, which an index carries after whose they are; `line` shows a row."""

    of: Callable[[str], sa.Select[*tuple[Any, ...]]]
    key: Any
    line: Callable[..., CaseLine]


me = Blueprint("me", description="What this office has of you.")
verification = Blueprint("verification", description="Is this document ours, and does it still stand?")
POLICY: Policy = {"show_my_cases": [signed_in], "show_who_saw_my_data": [signed_in]}
VERIFY_POLICY: Policy = {"verify_document": [anyone], "list_document_keys": [anyone]}


class WithdrawalView(Schema):
    path = fields.String(metadata={"description": "POST here takes the case back"})
    reason_codes = fields.List(fields.String(), metadata={"description": "one of them as `reason_code`"})


class CaseView(Schema):
    service = fields.String()
    kind = fields.String()
    id = fields.String()
    number = fields.String(allow_none=True)
    status = fields.String()
    label = fields.String()
    updated_at = fields.Moment()
    deadline = fields.Moment(allow_none=True)
    path = fields.String()
    withdrawal = fields.Nested(
        WithdrawalView, allow_none=True, metadata={"description": "how I can take it back as it stands now; null where I cannot"}
    )


class CasesView(Schema):
    service = fields.String()
    cases = fields.List(fields.Nested(CaseView))
    next = fields.String(allow_none=True)


class AccessView(Schema):
    at = fields.Moment()
    office = fields.String(allow_none=True)
    record_kind = fields.String()
    record_id = fields.String()
    purpose = fields.String()


class SignatureView(Schema):
    by = fields.String()
    issuer = fields.String()
    serial = fields.String()
    at = fields.AwareDateTime()
    intact = fields.Boolean()


class StandingView(Schema):
    code = fields.String()
    kind = fields.String()
    standing = fields.String()
    label = fields.String()
    statement = fields.Dict()
    sha256 = fields.String(allow_none=True)
    signature = fields.Nested(SignatureView, allow_none=True)  # of the kinds that a person signs


class DocumentKeyView(Schema):
    key_id = fields.String(metadata={"description": "As the statement in a QR code names it (`i`)"})
    public_key = fields.String(metadata={"description": "Ed25519 (RFC 8032), 32 bytes in base64"})
    known_at = fields.Moment()
    withdrawn_at = fields.Moment(
        allow_none=True, metadata={"description": "Since then others may sign with it: ask the office about each of its papers"}
    )


class DocumentKeysView(Schema):
    keys = fields.List(fields.Nested(DocumentKeyView))
    signature_roots = fields.List(
        fields.String(), metadata={"description": "Certificates (PEM) that vouch for the electronic signatures within papers"}
    )


@me.get("/me/cases")
@me.paged(CasesView)
def show_my_cases() -> dict[str, Any]:
    """My cases at this office and those of the companies I act for, the newest first."""
    service = current_app.extensions["smartcity.service"]
    lists = [(kind, sub) for kind in service.cases for sub in g.actor.subs]
    found = merged([(kind.of(sub), kind.key) for kind, sub in lists])
    lines = [lists[position][0].line(*row) for position, row in found["items"]]
    shown = [{**vars(line), "service": service.name, "label": messages().label(line.label_code, language())} for line in lines]
    return {"service": service.name, "cases": shown, "next": found["next"]}


@me.get("/me/data-access")
@me.paged(AccessView)
def show_who_saw_my_data() -> dict[str, Any]:
    """Who looked at my data at this office, newest first."""
    return page(sa.select(AccessRow).where(AccessRow.person == g.actor.sub), AccessRow.at.desc(), AccessRow.id.desc())


@verification.get("/verify/<string:code>")
@verification.response(200, StandingView)
def verify_document(code: str) -> dict[str, Any] | Response:
    """Is the document with this code ours, and does it stand today?

    A browser, which asks for HTML, gets a page.
    """
    from smartcity import documents

    found = documents.standing_of(g.session, code)
    if verify_page.is_wanted():
        shown = (messages(), language(), now_of_request())
        return verify_page.known(found, *shown) if found else verify_page.unknown(*shown)
    if found is None:
        raise NotFound("document-unknown")
    return {**found, "label": messages().label(f"document.standing.{found['standing']}", language())}


@verification.get("/open-data/<string:service>/document-keys")
@published
@verification.response(200, DocumentKeysView)
def list_document_keys(service: str) -> dict[str, Any]:
    """With what anyone checks the papers of this office without asking it: every key that ever signed one."""
    from smartcity.documents import keys

    own_door(service)
    return {"keys": [key.shown() for key in keys.known(g.session)], "signature_roots": keys.signature_roots()}


def own_door(service: str) -> None:
    """Paths that have the service second are its own; raises `NotFound` for another's."""
    if service != current_app.extensions["smartcity.service"].name:
        raise NotFound()


def healthz() -> Response:
    """The process lives."""
    return jsonify(status="alive")


def readyz() -> tuple[Response, int]:
    """The database answers, has the schema this code needs, and `SECRET_KEY` opens its keys. The broker is not asked: the event log absorbs its absence."""
    app: CityFlask = current_app  # type: ignore[assignment]
    service = app.extensions["smartcity.service"]
    try:
        with app.database.session() as session:
            found = revision.current(session)
        needed = revision.needed(service.package)
        if found >= needed:
            keyring.open()
    except SettingsError as error:
        return jsonify(status=str(error)), 503
    except sa.exc.SQLAlchemyError as error:
        log.warning("not ready", error=error, state="away" if is_away(error) else "broken")
        return jsonify(status="database away"), 503
    return jsonify(status="ready" if found >= needed else "schema too old", revision=found), 200 if found >= needed else 503


def metrics() -> Response:
    """Prometheus metrics of this process."""
    write, content_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(write(REGISTRY), content_type=content_type)
