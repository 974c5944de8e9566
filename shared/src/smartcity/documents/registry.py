"""The kinds of documents of this process's service, set once at its start."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from smartcity.documents.electronic import Signing, choose
from smartcity.documents.statement import key_id, public_of
from smartcity.settings import Settings

Ask = Callable[[Session, UUID], Mapping[str, Any]]


@dataclass(frozen=True)
class Document:
    """A kind of document.

    `template` is a file of the service's `documents/` room (`permit.typ`). `content(session, subject_id)` is what the
    template prints, JSON-ready; amounts and dates come as printed texts. `statement(session, subject_id)` is what the
    signed QR code says: `number`, `date` (ISO) and at most a few short claims, no more personal data than the paper's purpose
    needs, since anyone who scans it reads them. `standing(session, subject_id)` says how the document stands now: the tail
    of a label `document.standing.*` (`valid`, `revoked`, `paid`, …). `signing`: how a person signs it electronically, where one does.
    """

    kind: str
    template: str
    content: Ask
    statement: Ask
    standing: Callable[[Session, UUID], str]
    signing: Signing | None = None


class Printing(Protocol):
    """What is read of a service's descriptor."""

    @property
    def name(self) -> str: ...
    @property
    def package(self) -> str: ...
    @property
    def documents(self) -> Sequence[Document]: ...
    @property
    def verify_letter(self) -> str | None: ...


@dataclass(frozen=True)
class Registry:
    """Everything printing needs to know of its service."""

    package: str
    letter: str
    public_url: str
    seed: bytes = field(repr=False)
    kinds: Mapping[str, Document] = field(default_factory=dict)

    def kind(self, name: str) -> Document:
        """The kind; raises `LookupError` for one the service does not declare."""
        if name not in self.kinds:
            raise LookupError(f"{self.package} declares no document {name}")
        return self.kinds[name]

    def address(self, code: str) -> str:
        """Where the document with this code is verified."""
        return f"{self.public_url.rstrip('/')}/v1/verify/{code}"


class _Configured:
    registry: Registry | None = None


def configure(service: Printing, settings: Settings) -> None:
    """Know the service's documents; the signer for trials signs them until the service chooses another. Raises `LookupError` for a kind declared twice, a template that is not there, or no letter."""
    kinds = {document.kind: document for document in service.documents}
    if len(kinds) != len(service.documents):
        raise LookupError(f"{service.name} declares a document kind twice")
    letter = service.verify_letter or ""
    if kinds and not (len(letter) == 1 and "A" <= letter <= "Z"):
        raise LookupError(f"{service.name} prints documents and needs a verify_letter between A and Z")
    for document in kinds.values():
        if not (files(service.package) / "documents" / document.template).is_file():
            raise LookupError(f"{service.name} has no template documents/{document.template}")
    if any(document.signing for document in kinds.values()):
        from smartcity.documents.trial_signer import TrialSigner  # an office that signs nothing needs no certificates

        choose(TrialSigner(settings.document_key))
    _Configured.registry = Registry(service.package, letter, settings.public_url, settings.document_key, kinds)


def registry() -> Registry:
    """This process's documents; raises `RuntimeError` before `configure`."""
    if _Configured.registry is None:
        raise RuntimeError("documents are not configured: start through smartcity.service")
    return _Configured.registry


def public_key() -> tuple[str, bytes]:
    """(key id, 32 bytes) with which anyone checks this service's statements: publish it."""
    public = public_of(registry().seed)
    return key_id(public), public
