"""CloudEvents 1.0 in structured JSON mode: the exact bytes that are stored, sent, replayed and heard.

Source: CloudEvents 1.0.2, JSON format and the extensions sequence, distributed tracing and data classification.
"""

import json
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from smartcity.context import Context
from smartcity.events.catalogue import contract
from smartcity.storage.entity import uuid7

PREFIX = "id.go.pemkomedan."
CONTENT_TYPE = "application/cloudevents+json"
LARGEST = 32 * 1024


class Unreadable(Exception):
    """Bytes that are no event of ours: they go to the broker's parked queue."""


@dataclass(frozen=True)
class Event:
    """An event to tell: its contract's name, the id of the entity that noted the fact, and the data."""

    type: str
    subject: UUID | str
    data: dict[str, Any]


class Heard(NamedTuple):
    """An event as a handler sees it."""

    id: str
    source: str
    type: str
    subject: str
    sequence: int
    time: datetime
    data: dict[str, Any]
    correlation_id: str = ""
    traceparent: str = ""


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} cannot stand in an event")


def plain(data: Any) -> Any:
    """`data` with UUID, dates, decimals and dataclasses as JSON has them."""
    return json.loads(json.dumps(data, default=_plain))


@dataclass(frozen=True)
class Sealed:
    """An event as it is stored: `body` is what will be sent, byte for byte."""

    id: UUID
    type: str
    audience: str
    body: bytes


def seal(event: Event, sequence: int, context: Context, time: datetime) -> Sealed:
    """Check the event against its contract, strictly, and make its bytes.

    Raises `ContractError` for data that does not fit and `ValueError` over 32 KiB: both are bugs of the teller.
    """
    terms = contract(event.type)
    data = plain(event.data)
    terms.check(data)
    ident = uuid7()
    envelope = {
        "specversion": "1.0",
        "id": str(ident),
        "source": f"/services/{terms.service}",
        "type": PREFIX + event.type,
        "subject": str(event.subject),
        "time": time.isoformat(),
        "datacontenttype": "application/json",
        "dataschema": f"/contracts/{event.type.replace('.', '/', 1)}.json",
        "sequence": str(sequence),
        "correlationid": context.correlation_id,
        "traceparent": context.traceparent,
        "dataclassification": terms.classification,
        "data": data,
    }
    if context.causation_id:
        envelope["causationid"] = context.causation_id
    body = json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()
    if len(body) > LARGEST:
        raise ValueError(f"{event.type} is {len(body)} bytes; an event has at most {LARGEST}")
    return Sealed(ident, event.type, terms.audience, body)


class _Envelope(msgspec.Struct, gc=False):
    """What of an envelope is read; what else stands in it is passed over."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    sequence: str
    time: datetime
    data: dict[str, Any]
    correlationid: str = ""
    traceparent: str = ""


_decode = msgspec.json.Decoder(_Envelope).decode


def read(body: bytes) -> Heard:
    """The event in `body`; raises `Unreadable` for anything that is not a CloudEvent of this city."""
    try:
        found = _decode(body)
        sequence = int(found.sequence)
    except (msgspec.DecodeError, ValueError) as error:
        raise Unreadable(f"{type(error).__name__} while reading the envelope") from None
    if found.specversion != "1.0" or not found.type.startswith(PREFIX):
        raise Unreadable("not an event of this city")
    return Heard(
        found.id, found.source, found.type.removeprefix(PREFIX), found.subject, sequence, found.time, found.data,
        found.correlationid, found.traceparent,
    )  # fmt: skip
