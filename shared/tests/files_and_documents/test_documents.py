import re
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from office_that_prints import Office
from sqlalchemy.orm import Session

from smartcity import documents
from smartcity.documents.codes import new_code, normalised
from smartcity.documents.store import DocumentRow
from smartcity.errors import NotFound
from smartcity.settings import Settings
from smartcity.storage.entity import uuid7
from smartcity.storage.transaction import Database
from smartcity.testing.plans import statements

ROW = {"number": "00017/SSRD/BKAD/2026", "payer": "Budi Santoso", "lines": [("Retribusi PBG", 187_625), ("Denda", 3_753)]}


def issued(database: Database, office: Office, **more: object) -> tuple[object, str]:
    subject = uuid7()
    office.rows[subject] = {**ROW, **more}
    with database.transaction() as session:
        return subject, documents.promise(session, "receipt", subject)


def test_a_promise_gives_the_same_code_every_time(database: Database, office: Office) -> None:
    subject, code = issued(database, office)
    with database.transaction() as session:
        assert documents.promise(session, "receipt", str(subject)) == code
    assert re.fullmatch(r"F[0-9A-HJKMNP-TV-Z]{3}(-[0-9A-HJKMNP-TV-Z]{4}){3}", code)


def test_what_is_promised_first_is_promised_in_one_statement(database: Database, office: Office) -> None:
    with database.transaction() as session:
        session.connection()
        with statements(database.engine) as sent:
            documents.promise(session, "receipt", uuid7())
    assert len(sent) == 1


def test_a_promise_is_kept_only_with_its_commit(database: Database, session: Session, office: Office) -> None:
    code = documents.promise(session, "receipt", uuid7())
    session.rollback()
    assert documents.standing_of(session, code) is None


def test_the_document_is_rendered_once_and_the_same_bytes_come_ever_after(database: Database, office: Office) -> None:
    subject, code = issued(database, office)
    with database.transaction() as session:
        first = documents.deliver(session, "receipt", subject)
    office.rows[subject]["payer"] = "changed later"
    with database.transaction() as session:
        second = documents.deliver(session, "receipt", subject)
    assert first == second
    assert first.code == code
    assert office.times_asked == 1
    assert first.pdf.startswith(b"%PDF-1.7")
    assert b"pdfaid:part>2<" in first.pdf and b"pdfaid:conformance>B<" in first.pdf
    assert b"/S/GTS_PDFA1" in first.pdf  # its output intent
    assert first.headers["Content-Disposition"] == f'attachment; filename="{code}.pdf"'


def test_two_deliveries_at_once_make_one_document(database: Database, office: Office) -> None:
    subject, _ = issued(database, office)
    made: list[bytes] = []
    start = threading.Barrier(4)

    def deliver() -> None:
        start.wait(10)
        with database.transaction() as session:
            made.append(documents.deliver(session, "receipt", subject).pdf)

    threads = [threading.Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(made) == 4
    assert len(set(made)) == 1
    assert office.times_asked == 1


def test_a_delivery_that_is_rolled_back_is_made_again(database: Database, office: Office, session: Session) -> None:
    subject, code = issued(database, office)
    lost = documents.deliver(session, "receipt", subject)
    session.rollback()
    assert documents.deliver(session, "receipt", subject) == lost


def test_bytes_changed_in_the_store_are_never_given_out(database: Database, office: Office, folder: Path) -> None:
    subject, _ = issued(database, office)
    with database.transaction() as session:
        documents.deliver(session, "receipt", subject)
    kept = next(path for path in folder.rglob("*") if path.is_file())
    kept.write_bytes(kept.read_bytes().replace(b"%PDF-1.7", b"%PDF-1.6"))
    with database.session() as session, pytest.raises(RuntimeError, match="not the one that was issued"):
        documents.deliver(session, "receipt", subject)


def test_what_was_never_promised_is_not_found(session: Session, office: Office) -> None:
    with pytest.raises(NotFound):
        documents.deliver(session, "receipt", uuid7())


def test_a_kind_that_the_service_does_not_declare_is_a_mistake(session: Session, office: Office) -> None:
    with pytest.raises(LookupError, match="no document permit"):
        documents.promise(session, "permit", uuid7())


def test_verification_tells_standing_statement_and_hash(database: Database, session: Session, office: Office) -> None:
    subject, code = issued(database, office)
    said = {"code": code, "kind": "receipt", "number": ROW["number"], "date": "2026-11-24", "total": 191_378}
    assert documents.standing_of(session, code) == {"code": code, "kind": "receipt", "standing": "valid", "statement": said, "sha256": None}
    with database.transaction() as other:
        delivered = documents.deliver(other, "receipt", subject)
    office.rows[subject]["standing"] = "revoked"
    session.expire_all()
    found = documents.standing_of(session, code.lower().replace("-", " "))
    assert found == {"code": code, "kind": "receipt", "standing": "revoked", "statement": said, "sha256": delivered.sha256}


@pytest.mark.parametrize("code", ["", "F", "F000-0000-0000-0000", "F" * 5000, "../../etc", "F%00", "1" * 16])
def test_a_code_that_was_never_given_is_unknown(session: Session, office: Office, code: str) -> None:
    assert documents.standing_of(session, code) is None


def test_a_code_read_aloud_is_still_found() -> None:
    assert normalised("l7q2 k9md 3xzp w4tn") == "L7Q2-K9MD-3XZP-W4TN"
    assert normalised("LOIL-0000-0000-0000") == "L011-0000-0000-0000"
    assert len({new_code("L") for _ in range(1000)}) == 1000


def test_text_of_a_citizen_is_printed_and_never_read_as_markup(database: Database, office: Office) -> None:
    subject, _ = issued(database, office, payer='#panic("x") $ * _ @ <a> \\ #sys.inputs `')
    with database.transaction() as session:
        assert documents.deliver(session, "receipt", subject).pdf


def test_a_word_longer_than_the_page_is_broken_and_not_lost_at_its_edge(database: Database, office: Office) -> None:
    pages = []
    for payer in ("kata " * 800, "k" * 4000):
        subject, _ = issued(database, office, payer=payer)
        with database.transaction() as session:
            pages.append(re.findall(rb"/Type/Pages/Count (\d+)", documents.deliver(session, "receipt", subject).pdf))
    assert [b"1"] not in pages


def test_a_half_rendered_row_cannot_be_stored(session: Session, office: Office) -> None:
    code = documents.promise(session, "receipt", uuid7())
    with pytest.raises(sa.exc.IntegrityError):
        session.execute(sa.update(DocumentRow).where(DocumentRow.code == code).values(pdf_key="x"))


def test_a_service_with_a_wrong_plan_does_not_start(config: Settings, folder: Path) -> None:
    without_letter = Office(verify_letter=None)
    with pytest.raises(LookupError, match="verify_letter"):
        documents.configure(without_letter, config)

    class Twice(Office):
        documents = (*Office().documents, *Office().documents)

    with pytest.raises(LookupError, match="twice"):
        documents.configure(Twice(), config)

    class Missing(Office):
        documents = (documents.Document("receipt", "absent.typ", dict, dict, str),)  # type: ignore[arg-type]

    with pytest.raises(LookupError, match=r"documents/absent\.typ"):
        documents.configure(Missing(), config)
