"""Documents of one service: promised with the fact that calls for them, rendered once, stored for good."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, Session, mapped_column

from smartcity import clock, files
from smartcity.documents import electronic, keys
from smartcity.documents.codes import new_code, normalised
from smartcity.documents.registry import Document, registry
from smartcity.documents.seal import sealed
from smartcity.documents.statement import checked_claims, sign, taken_apart
from smartcity.errors import NotFound
from smartcity.files.serving import safe_headers
from smartcity.storage.entity import Base

_WHOLE = (
    "(rendered_at IS NULL) = (pdf_key IS NULL) AND (rendered_at IS NULL) = (sha256 IS NULL) AND (rendered_at IS NULL) = (statement IS NULL)"
)


class DocumentRow(Base):
    """promised → rendered. One for each kind and subject."""

    __tablename__ = "document"
    __table_args__ = (
        sa.UniqueConstraint("kind", "subject", name="uq_document_kind_subject"),
        sa.CheckConstraint(_WHOLE, name="rendered_whole"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[UUID]
    promised_at: Mapped[datetime]
    statement: Mapped[str | None] = mapped_column(default=None)
    sha256: Mapped[bytes | None] = mapped_column(default=None)
    pdf_key: Mapped[str | None] = mapped_column(default=None)
    rendered_at: Mapped[datetime | None] = mapped_column(default=None)


@dataclass(frozen=True)
class StoredDocument:
    """The document itself: its bytes, their SHA-256 in hexadecimal, and the code printed on it."""

    pdf: bytes
    sha256: str
    code: str

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers to answer it with: `Response(document.pdf, headers=document.headers)`."""
        return safe_headers("application/pdf", f"{self.code}.pdf")


def promise(session: Session, kind: str, subject_id: UUID | str) -> str:
    """The verification code of the document of `kind` about `subject_id`, in the commit that issues it; the same code every time."""
    subject = _subject(subject_id)
    known = registry()
    fresh = {"code": new_code(known.letter), "kind": known.kind(kind).kind, "subject": subject, "promised_at": clock.now()}
    made = (
        postgresql.insert(DocumentRow)
        .values(fresh)
        .on_conflict_do_nothing(constraint="uq_document_kind_subject")
        .returning(DocumentRow.code)
    )
    code = session.scalar(made)
    if code is None:
        code = session.execute(sa.select(DocumentRow.code).where(DocumentRow.kind == kind, DocumentRow.subject == subject)).scalar_one()
    return code


def deliver(session: Session, kind: str, subject_id: UUID | str) -> StoredDocument:
    """The promised document. The first delivery renders and stores it; every later one gives the same bytes.

    To be called after the issuing commit. Raises `NotFound` where it was never promised, and `RuntimeError` where the
    stored bytes are no longer those that were issued.
    """
    wanted = sa.select(DocumentRow).where(DocumentRow.kind == registry().kind(kind).kind, DocumentRow.subject == _subject(subject_id))
    row = session.scalars(wanted).one_or_none()
    if row is None:
        raise NotFound()
    if row.rendered_at is None:
        session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended('document:' || :code, 0))"), {"code": row.code})
        session.refresh(row)
        if row.rendered_at is None:
            _render(session, row)
    return _read(row)


def standing_of(session: Session, code: str) -> dict[str, Any] | None:
    """What anyone may know of the document with this code, as it stands now; `None` where we never promised one."""
    bare = normalised(code)
    row = session.get(DocumentRow, bare) if bare else None
    if row is None:
        return None
    kind = registry().kind(row.kind)
    return {
        "code": row.code,
        "kind": row.kind,
        "standing": str(kind.standing(session, row.subject)),
        "statement": _said(session, row),
        "sha256": row.sha256.hex() if row.sha256 else None,
        **({electronic.SIGNED: _signature(session, row, kind.signing)} if kind.signing else {}),
    }


def _signature(session: Session, row: DocumentRow, signing: electronic.Signing) -> dict[str, Any] | None:
    """Whose it is; it was checked when it was made, so it is intact as long as the bytes are those that were issued."""
    noted = signing.noted(session, row.subject)
    return {**noted.shown(), "intact": _bytes_of(row)[1] == row.sha256} if noted and row.sha256 else None


def _said(session: Session, row: DocumentRow) -> dict[str, Any]:
    """What the paper says (a key since replaced does not make it false); before it is printed, what it is going to say."""
    if row.statement is None:
        return {"code": row.code, "kind": row.kind, **checked_claims(_claims(session, registry().kind(row.kind), row.subject))}
    return taken_apart(row.statement)[0].shown()


def _claims(session: Session, kind: Document, subject: UUID) -> Mapping[str, Any]:
    said = kind.statement(session, subject)
    return {**said, electronic.SIGNED: electronic.PADES} if _signatory(session, kind, subject) else said


def _signatory(session: Session, kind: Document, subject: UUID) -> electronic.Signatory | None:
    return kind.signing.signatory(session, subject) if kind.signing else None


def _render(session: Session, row: DocumentRow) -> None:
    kind = registry().kind(row.kind)
    keys.know(session)
    # everything is asked before the row changes: asking may flush, and a row rendered by half breaks its check
    statement = sign(registry().seed, row.code, row.kind, _claims(session, kind, row.subject))
    signatory = _signatory(session, kind, row.subject)
    pdf = _printed(session, row, kind, statement, signatory)
    if kind.signing and signatory:
        pdf, signature = electronic.signed(pdf, signatory)
        kind.signing.note(session, row.subject, signature)
    digest = hashlib.sha256(pdf)
    row.statement, row.sha256 = statement, digest.digest()
    row.pdf_key = f"documents/{row.code[-2:].lower()}/{row.code.lower()}-{digest.hexdigest()[:16]}"
    row.rendered_at = clock.now()
    files.store().put(row.pdf_key, io.BytesIO(pdf))


def _printed(session: Session, row: DocumentRow, kind: Document, statement: str, signatory: electronic.Signatory | None) -> bytes:
    from smartcity.documents.render import Page, render

    known, mark = registry(), electronic.signer().mark if signatory else None
    page = Page(kind.template, kind.content(session, row.subject), row.code, statement, row.promised_at, mark)
    return sealed(known.seed, render(known, page))


def _bytes_of(row: DocumentRow) -> tuple[bytes, bytes]:
    assert row.pdf_key is not None
    with files.store().get(row.pdf_key) as stream:
        pdf = stream.read()
    return pdf, hashlib.sha256(pdf).digest()


def _read(row: DocumentRow) -> StoredDocument:
    pdf, digest = _bytes_of(row)
    if digest != row.sha256:
        raise RuntimeError(f"the stored document {row.code} is not the one that was issued")
    return StoredDocument(pdf, digest.hex(), row.code)


def _subject(subject_id: UUID | str) -> UUID:
    return subject_id if isinstance(subject_id, UUID) else UUID(str(subject_id))
