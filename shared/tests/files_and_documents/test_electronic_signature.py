from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from office_that_prints import Office, printed
from sqlalchemy.orm import Session

from smartcity import documents
from smartcity.documents import ElectronicSignature, NotGenuine, Signatory, SignerAway, SignerRefused, Signing, electronic
from smartcity.documents.registry import registry
from smartcity.documents.render import Page, render
from smartcity.documents.seal import sealed_part
from smartcity.documents.signature_check import checked
from smartcity.documents.trial_authority import MARK, authority, certified
from smartcity.documents.trial_signer import TrialSigner
from smartcity.settings import Settings
from smartcity.storage.entity import uuid7
from smartcity.storage.transaction import Database

ROW = {"number": "00017/SSRD/BKAD/2026", "payer": "Budi Santoso", "lines": [("Retribusi PBG", 187_625)]}
WHO = Signatory("s-1", "Rahmawati Siregar, S.E.", "Kepala Dinas", "Tanda Bukti Pembayaran")
FOREIGN = bytes([7]) * 32


@dataclass
class SigningOffice(Office):
    """Its papers are signed by a person; `noted` stands for its rows."""

    noted: dict[UUID, ElectronicSignature] = field(default_factory=dict)
    who: Signatory | None = WHO

    @property
    def documents(self) -> tuple[documents.Document, ...]:
        signing = Signing(lambda _, __: self.who, self.note, lambda _, subject: self.noted.get(subject))
        return (documents.Document("receipt", "receipt.typ", self.content, self.statement, self.standing, signing),)

    def note(self, session: Session, subject: UUID, made: ElectronicSignature) -> None:
        self.noted[subject] = made


class Refuser:
    """A signer somewhere else that answers as it is told."""

    mark, at_once = None, False

    def __init__(self, answer: bytes | Exception) -> None:
        self.answer = answer

    def roots(self) -> Sequence[bytes]:
        return ()

    def sign(self, pdf: bytes, signatory: Signatory) -> bytes:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def office(config: Settings, folder: Path) -> Iterator[SigningOffice]:
    made = SigningOffice()
    documents.configure(made, config)
    yield made
    electronic.choose(TrialSigner(config.document_key))


def keys() -> dict[str, bytes]:
    return dict([documents.public_key()])


def refused(pdf: bytes, roots: Sequence[bytes] | None = None) -> str:
    with pytest.raises(NotGenuine) as found:
        documents.verify_offline(pdf, keys(), electronic.signer().roots() if roots is None else roots)
    return found.value.code


def test_seal_and_signature_hold_together_without_asking_anyone(database: Database, office: SigningOffice) -> None:
    made = printed(database, office, ROW)
    found = documents.verify_offline(made.pdf, keys(), electronic.signer().roots())
    assert (found.sha256, found.statement.claims["signature"]) == (made.sha256, "pades")
    assert found.signature is not None
    assert found.signature.by == f"{WHO.name} ({MARK})"
    assert found.signature.issuer.startswith("Otoritas Sertifikat Uji")


def test_it_is_signed_once_and_the_same_bytes_come_ever_after(database: Database, office: SigningOffice) -> None:
    made = printed(database, office, ROW)
    with database.transaction() as session:
        assert documents.deliver(session, "receipt", next(iter(office.rows))) == made


def test_the_signature_adds_to_the_pdf_a_and_changes_nothing_it_promises(database: Database, office: SigningOffice) -> None:
    made = printed(database, office, ROW).pdf
    behind = made[len(sealed_part(made, keys().popitem()[1])) :]
    assert b"pdfaid:part>2<" in made and b"pdfaid:conformance>B<" in made
    assert made.startswith(b"%PDF-1.7") and b"/Version" not in behind and b"/Extensions" not in behind
    assert b"/Metadata" in behind and b"xmpmeta" not in behind and b"/Info" in behind  # those of the page, by reference
    assert b"/SubFilter /ETSI.CAdES.detached" in behind
    assert b"/F 132\n/Rect [ 0 0 0 0 ]" in behind  # printed, of no size: needs no appearance (ISO 19005-2, 6.3.3)
    assert behind.rstrip(b"\n").endswith(b"%%EOF") and not behind.endswith(b"\n\n")
    assert MARK.encode() in behind.replace(b"\\054", b",")  # the reason


def test_of_any_changed_byte_it_is_told(database: Database, office: SigningOffice) -> None:
    made, random = printed(database, office, ROW).pdf, Random(2026)
    for at in random.sample(range(len(made)), 120):
        if at in range(made.index(b"/Contents <", len(made) - 9000), made.index(b"/ByteRange")):
            continue  # the signature's own place, filled up with zeros: only the recorded digest knows those
        changed = bytearray(made)
        changed[at] ^= 1 + random.randrange(255)
        assert refused(bytes(changed)) != "signature-not-trusted"


def test_of_a_changed_signature_it_is_told(database: Database, office: SigningOffice) -> None:
    made = printed(database, office, ROW).pdf
    at = made.index(b"/Contents <", len(made) - 9000) + 1200
    assert refused(made[:at] + bytes([made[at] ^ 1]) + made[at + 1 :]) == "signature-broken"


def test_a_signature_of_a_foreign_authority_is_not_trusted(database: Database, office: SigningOffice) -> None:
    made = printed(database, office, ROW).pdf
    page = sealed_part(made, keys().popitem()[1])
    assert refused(TrialSigner(FOREIGN).sign(page, WHO)) == "signature-not-trusted"
    assert refused(made, TrialSigner(FOREIGN).roots()) == "signature-not-trusted"
    assert refused(made, ()) == "signature-not-trusted"


def test_what_was_added_after_the_signature_is_told(
    database: Database, office: SigningOffice, config: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = printed(database, office, ROW).pdf
    monkeypatch.setattr("smartcity.documents.trial_signer.FIELD", "Kedua")
    assert refused(TrialSigner(config.document_key).sign(made, WHO)) == "changed-after-signing"
    assert refused(made + b"\n") == "changed-after-signing"
    assert refused(made + b"\n% more\n%%EOF") == "signature-broken"


def test_a_paper_whose_signature_was_cut_off_is_told(database: Database, office: SigningOffice) -> None:
    made = printed(database, office, ROW).pdf
    assert refused(sealed_part(made, keys().popitem()[1])) == "no-signature"


def test_while_the_signer_is_away_nothing_is_stored_and_later_it_is_signed(
    database: Database, office: SigningOffice, config: Settings
) -> None:
    electronic.choose(Refuser(SignerAway("no-connection")))
    with pytest.raises(SignerAway):
        printed(database, office, ROW)
    subject = next(iter(office.rows))
    with database.session() as session:
        found = documents.standing_of(session, documents.promise(session, "receipt", subject))
        assert found is not None and (found["sha256"], found["signature"]) == (None, None)
    electronic.choose(TrialSigner(config.document_key))
    with database.transaction() as session:
        assert checked(documents.deliver(session, "receipt", subject).pdf, electronic.signer().roots())


@pytest.mark.parametrize(
    ("answer", "code"), [(b"%PDF-1.7 another file", "file-rewritten"), (SignerRefused("wrong-passphrase"), "wrong-passphrase")]
)
def test_an_answer_that_is_not_our_file_signed_is_never_stored(
    database: Database, office: SigningOffice, answer: bytes | Exception, code: str
) -> None:
    electronic.choose(Refuser(answer))
    with pytest.raises(SignerRefused, match=code):
        printed(database, office, ROW)
    assert not office.noted


def test_a_file_that_came_back_unsigned_is_refused(office: SigningOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    class Echo(Refuser):
        def sign(self, pdf: bytes, signatory: Signatory) -> bytes:
            return pdf

    electronic.choose(Echo(b""))
    with pytest.raises(SignerRefused, match="no-signature"):
        electronic.signed(render(registry(), _page(office, None)), WHO)


def test_verification_tells_whose_signature_it_is_and_whether_the_bytes_are_intact(
    database: Database, office: SigningOffice, folder: Path, session: Session
) -> None:
    code = printed(database, office, ROW).code
    found = documents.standing_of(session, code)
    assert found is not None and found["signature"]["intact"] is True and found["signature"]["by"].startswith(WHO.name)
    kept = next(path for path in folder.rglob("*") if path.is_file())
    kept.write_bytes(kept.read_bytes().replace(b"/Reason", b"/reason"))
    found = documents.standing_of(session, code)
    assert found is not None and found["signature"]["intact"] is False


def test_a_paper_from_before_there_were_signatures_bears_none_and_claims_none(database: Database, office: SigningOffice) -> None:
    office.who = None
    made = printed(database, office, ROW)
    found = documents.verify_offline(made.pdf, keys(), electronic.signer().roots())
    assert (found.signature, "signature" in found.statement.claims, office.noted) == (None, False, {})


def test_a_page_signed_for_trial_says_so(office: SigningOffice) -> None:
    assert render(registry(), _page(office, MARK)) != render(registry(), _page(office, None))


def _page(office: SigningOffice, mark: str | None) -> Page:
    from datetime import UTC, datetime

    subject = uuid7()
    office.rows[subject] = dict(ROW)

    class NoRows:
        def scalars(self, _: object) -> "NoRows":
            return self

        def all(self) -> list[str]:
            return []

    content = office.content(NoRows(), subject)  # type: ignore[arg-type]
    return Page("receipt.typ", content, "F000-0000-0000-0000", "SC1.x", datetime(2026, 11, 24, tzinfo=UTC), mark)


def test_the_trial_authority_is_the_same_in_every_process_and_another_for_another_office() -> None:
    assert authority(FOREIGN) == authority(FOREIGN) != authority(bytes(32))
    assert certified(FOREIGN, "a", "A").certificate != certified(FOREIGN, "b", "A").certificate
