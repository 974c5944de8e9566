"""Another `DOCUMENT_KEY`: every paper stays verifiable, and one that leaked vouches for nothing."""

import base64
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from office_that_prints import Office, printed
from sqlalchemy.orm import Session

from smartcity import documents
from smartcity.documents import keys
from smartcity.settings import Settings
from smartcity.storage.entity import uuid7
from smartcity.storage.transaction import Database

LATER = bytes(range(1, 33))


def published(session: Session) -> tuple[dict[str, bytes], set[str]]:
    """As somebody reads it who has nothing but what is published."""
    lines = [key.shown() for key in keys.known(session)]
    return (
        {line["key_id"]: base64.b64decode(line["public_key"]) for line in lines},
        {line["key_id"] for line in lines if line["withdrawn_at"]},
    )


def test_a_paper_outlives_the_key_it_was_signed_with(database: Database, office: Office, config: Settings, session: Session) -> None:
    before = printed(database, office)
    documents.configure(office, replace(config, document_key=LATER))
    after = printed(database, office)
    known, withdrawn = published(session)
    signed_by = [documents.verify_offline(paper.pdf, known, withdrawn=withdrawn).statement.key_id for paper in (before, after)]
    assert signed_by == list(known) and len(set(signed_by)) == 2


def test_a_key_is_the_offices_from_the_commit_of_its_first_paper(database: Database, office: Office, session: Session) -> None:
    subject = uuid7()
    office.rows[subject] = {"number": "1", "payer": "Budi", "lines": [("Retribusi", 1)]}
    documents.promise(session, "receipt", subject)
    documents.deliver(session, "receipt", subject)
    assert [key.key_id for key in keys.known(session)] == [documents.public_key()[0]]
    session.rollback()
    assert keys.known(session) == []


def test_papers_of_a_withdrawn_key_hold_only_where_the_office_is_asked(
    database: Database, office: Office, config: Settings, session: Session, moment: datetime
) -> None:
    paper, leaked = printed(database, office), documents.public_key()[0]
    documents.configure(office, replace(config, document_key=LATER))
    with database.transaction() as mine:
        assert keys.withdraw(mine, leaked, moment).withdrawn_at == moment
    known, withdrawn = published(session)
    for form in (paper.pdf, documents.store.sign(config.document_key, paper.code, "receipt", {"number": "1", "date": "2020-01-01"})):
        with pytest.raises(documents.NotGenuine, match="key-withdrawn"):
            documents.verify_offline(form, known, withdrawn=withdrawn)
    standing = documents.standing_of(session, paper.code)
    assert standing and (standing["standing"], standing["sha256"]) == ("valid", paper.sha256)


def test_a_key_is_withdrawn_once_and_never_the_one_that_signs(database: Database, office: Office, moment: datetime) -> None:
    with database.transaction() as session:
        keys.know(session)
        keys.know(session)
        with pytest.raises(keys.KeyInUse, match="DOCUMENT_KEY"):
            keys.withdraw(session, documents.public_key()[0], moment)
        with pytest.raises(LookupError, match="is no key of this office"):
            keys.withdraw(session, "unknown1", moment)
        assert len(keys.known(session)) == 1
        session.add(keys.DocumentKey(key_id="older000", public=bytes(32), known_at=moment))
        first = keys.withdraw(session, "older000", moment).withdrawn_at
        assert keys.withdraw(session, "older000", moment.replace(year=2027)).withdrawn_at == first


def test_an_office_whose_papers_nobody_signs_names_no_roots(office: Office, folder: Path) -> None:
    assert keys.signature_roots() == []
