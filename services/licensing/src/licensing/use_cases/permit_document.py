"""The permit's paper: what it prints, what its QR code says, how it stands."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from licensing.model.permit import Permit
from licensing.model.permit_application import PermitApplication
from licensing.model.permit_status import Succession
from licensing.use_cases.permit_annex import annex, comma
from licensing.use_cases.permit_types import PermitType, permit_type
from smartcity import access_log, documents
from smartcity.calendar import day_of, long_day
from smartcity.documents import Document, StoredDocument
from smartcity.http import Actor
from smartcity.http.languages import Messages
from smartcity.money import format_rupiah, terbilang
from smartcity.offices import office_name
from smartcity.regions import kelurahan
from smartcity.storage import get


def deliver(session: Session, actor: Actor, permit: Permit) -> StoredDocument:
    """The PDF, rendered at the first request and the same bytes ever after."""
    if not actor.owns(permit.owner_sub):
        access_log.record(session, actor, permit.owner_sub, ("permit", str(permit.id)), "permit document read")
    return documents.deliver(session, "permit", permit.id)


def content(session: Session, permit_id: UUID) -> Mapping[str, Any]:
    """What the template prints."""
    permit = get(session, Permit, permit_id)
    place, kind = kelurahan(permit.kelurahan_code), permit_type(permit.permit_type)
    application = get(session, PermitApplication, permit.application_id)
    technical = _building(permit.building) if kind.is_building else _answers(kind, permit.building)
    return {
        "office": office_name(permit.office),
        "title": kind.title,
        "subject": kind.printed["subject"],
        "duty": kind.printed["duty"],
        "number": permit.number,
        "legal_basis": permit.legal_basis,
        "application_no": permit.application_no,
        "holder_name": permit.holder_name,
        "holder_address": permit.holder_address,
        "site_address": permit.site_address,
        "kelurahan": place.name if place else permit.kelurahan_code,
        "kecamatan": place.kecamatan.name if place else "",
        "building": technical,
        "retribution": format_rupiah(permit.retribution_total) if permit.retribution_total else None,
        "retribution_words": f"{terbilang(permit.retribution_total)} rupiah",
        "receipt_no": permit.receipt_no,
        "issued_on": long_day(day_of(permit.issued_at)),
        "valid_from": long_day(permit.valid_from or day_of(permit.issued_at)),
        "valid_until": long_day(permit.valid_until) if permit.valid_until else None,
        "before": _before(session, permit),
        "annex": annex(permit, kind, application, technical),
    }


BEFORE = {
    Succession.AMENDMENT: "Izin ini mengubah dan menggantikan izin Nomor {number} tanggal {date}, yang tidak berlaku lagi.",
    Succession.CORRECTION: "Izin ini membetulkan dan menggantikan izin Nomor {number} tanggal {date}, yang tidak berlaku lagi.",
    Succession.RENEWAL: "Izin ini memperpanjang izin Nomor {number} tanggal {date}.",
}


def _before(session: Session, permit: Permit) -> str | None:
    """What it is to the permit before it."""
    if permit.predecessor_id is None or permit.succession is None:
        return None
    before = get(session, Permit, permit.predecessor_id)
    return BEFORE[permit.succession].format(number=before.number, date=long_day(day_of(before.issued_at)))


def _building(inputs: Mapping[str, Any]) -> list[list[str]]:
    """Label and value of what the permit is for, from the inputs the officer fixed."""
    texts = Messages(("licensing",)).section("labels", "id")
    names = ("fungsi", "jumlah_lantai", "luas_lantai_m2", "luas_m2", "lapis_basemen", "luas_basemen_m2", "jenis_pekerjaan", "lingkup")
    shown = [(name, str(inputs[name])) for name in names if inputs.get(name) not in (None, 0)]
    rows = [[texts[f"building.{name}"], texts.get(f"building.{name}.{value}", comma(value))] for name, value in shown]
    return rows + [[texts["building.bagian_lain"], _part(part)] for part in inputs.get("bagian_lain", ())]


def _part(part: Mapping[str, Any]) -> str:
    below = f"; basemen {part['lapis_basemen']} lapis, {part['luas_basemen_m2']} m2" if part.get("lapis_basemen") else ""
    return comma(f"{part['jumlah_lantai']} lantai, {part['luas_lantai_m2']} m2{below}")


def _answers(kind: PermitType, answers: Mapping[str, Any]) -> list[list[str]]:
    """Question and answer, in the order of the permit type."""
    asked = kind.questions["properties"]
    return [[asked[name]["description"], _answer(asked[name], answers[name])] for name in asked if name in answers]


def _answer(question: Mapping[str, Any], value: Any) -> str:
    if "enum" in question:
        words = str(value).replace("_", " ")
        return words[:1].upper() + words[1:]
    return (
        ("Ya" if value else "Tidak")
        if isinstance(value, bool)
        else comma(str(value))
        if "pattern" in question or isinstance(value, float)
        else str(value)
    )


def statement(session: Session, permit_id: UUID) -> Mapping[str, Any]:
    """What the signed QR code says: no name, no address."""
    permit = get(session, Permit, permit_id)
    return {
        "number": permit.number, "date": day_of(permit.issued_at).isoformat(), "type": permit.permit_type, "kelurahan": permit.kelurahan_code,
        **({"until": permit.valid_until.isoformat()} if permit.valid_until else {}),
    }  # fmt: skip


def standing(session: Session, permit_id: UUID) -> str:
    """How it stands today."""
    return get(session, Permit, permit_id).standing


PERMIT_PAPER = Document(kind="permit", template="permit.typ", content=content, statement=statement, standing=standing)
