"""What is encrypted outlives its `SECRET_KEY`: the database's roots are closed anew, no row is rewritten; a group's key is its own."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from smartcity import clock, settings
from smartcity.http.app import CityFlask
from smartcity.service import Service, create_app, run_close_keys, run_verify
from smartcity.settings import Settings, SettingsError
from smartcity.storage import blind_index, revision, root_keys
from smartcity.storage.encryption import Keyring, keyring, seal, unseal
from smartcity.storage.root_keys import RootKey, RootsClosed
from smartcity.testing.plugin import SECRET
from smartcity.testing.tokens import Issuer

NEW = os.urandom(32)


@pytest.fixture
def engine(db: str) -> Iterator[sa.Engine]:
    engine = sa.create_engine(db, poolclass=sa.NullPool)
    yield engine
    keyring.configure(bytes(32))


def began(engine: sa.Engine, config: Settings) -> None:
    """As a new process does."""
    root_keys.configure(engine, config.secret_key, config.secret_key_other)


def test_a_new_database_has_a_root_that_only_its_secret_opens(engine: sa.Engine, config: Settings) -> None:
    began(engine, config)
    sealed = seal("1271010101900001")
    assert b"1271010101900001" not in sealed
    began(engine, config)
    assert unseal(sealed) == "1271010101900001"
    assert keyring.open()[1] != config.secret_key
    with pytest.raises(RootsClosed, match="SECRET_KEY does not open root key 1"):
        root_keys.read(engine, NEW)


def test_another_secret_key_takes_over_without_a_row_rewritten(
    engine: sa.Engine, config: Settings, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    began(engine, config)
    sealed, index = seal("Siti", "births"), blind_index("1271", "nik")
    between = replace(config, secret_key=NEW, secret_key_other=config.secret_key)
    began(engine, between)
    assert (unseal(sealed, "births"), blind_index("1271", "nik")) == ("Siti", index)
    assert run_verify(service, between) == 1
    assert "SECRET_KEY does not open root key 1" in capsys.readouterr().out
    run_close_keys(service, between)
    after = replace(config, secret_key=NEW)
    assert run_verify(service, after) == 0
    began(engine, after)
    assert (unseal(sealed, "births"), blind_index("1271", "nik")) == ("Siti", index)
    with pytest.raises(RootsClosed):
        root_keys.read(engine, config.secret_key)


def test_who_dies_while_closing_leaves_the_old_key_in_force(engine: sa.Engine, config: Settings) -> None:
    began(engine, config)
    sealed = seal("Siti")
    with Session(engine) as session:
        root_keys.close_anew(session, NEW, config.secret_key)
        session.flush()  # and no commit: the process is gone
    began(engine, config)
    assert unseal(sealed) == "Siti"


def test_a_new_root_is_for_what_comes_and_what_must_stay_equal_stays(engine: sa.Engine, config: Settings, service: Service) -> None:
    began(engine, config)
    before, index = seal("Siti"), blind_index("1271", "nik")
    run_close_keys(service, config, new_root=True)
    began(engine, config)
    after = seal("Budi")
    assert (before[1], after[1]) == (1, 2)
    assert [unseal(before), unseal(after), blind_index("1271", "nik")] == ["Siti", "Budi", index]


def test_each_group_and_month_has_a_key_of_its_own(engine: sa.Engine, config: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    began(engine, config)
    births = seal("Siti", "births")
    with pytest.raises(InvalidTag):
        unseal(births, "deaths")
    monkeypatch.setattr(clock, "real_now", lambda: datetime(2031, 5, 1, tzinfo=UTC))
    later = seal("Siti", "births")
    assert births[:4] != later[:4]
    with pytest.raises(InvalidTag):
        unseal(births[:2] + later[2:4] + births[4:], "births")
    assert unseal(later, "births") == unseal(births, "births") == "Siti"


@pytest.mark.parametrize("place", [1, 3, 4, 20, -1])
def test_a_changed_byte_is_seen(engine: sa.Engine, config: Settings, place: int) -> None:
    began(engine, config)
    root_keys.read(engine, config.secret_key)
    sealed = bytearray(seal("Siti Aminah"))
    sealed[place] ^= 1
    with pytest.raises((InvalidTag, KeyError)):
        unseal(bytes(sealed))


def test_what_was_encrypted_before_the_roots_is_read_on_and_rotated(engine: sa.Engine, config: Settings) -> None:
    old = Keyring()
    old.configure(config.secret_key)
    index = old.key("blind-index:nik")
    sealed = b"\x01" + bytes(12) + AESGCM(old.key("column")).encrypt(bytes(12), b"Siti", b"\x01")
    with Session(engine) as session:
        session.add(RootKey(number=1, closed=None, made_at=clock.now()))
        session.commit()
    began(engine, config)
    assert (unseal(sealed, "births"), keyring.key("blind-index:nik")) == ("Siti", index)
    with Session(engine) as session:
        root_keys.close_anew(session, NEW, config.secret_key)
        session.commit()
    began(engine, replace(config, secret_key=NEW))
    assert (unseal(sealed, "births"), keyring.key("blind-index:nik")) == ("Siti", index)


def test_a_service_with_another_databases_key_is_not_ready_and_says_why(
    client: FlaskClient, engine: sa.Engine, config: Settings, service: Service, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revision, "current", lambda session: "0001")
    monkeypatch.setattr(revision, "needed", lambda package: "0001")
    assert client.get("/readyz").status_code == 200
    wrong = create_app(service, replace(config, secret_key=NEW), issuer.verifier())
    said = wrong.test_client().get("/readyz")
    assert (said.status_code, said.json["status"]) == (503, "SECRET_KEY does not open root key 1 of this database")
    wrong.database.close()


def test_a_request_reads_the_keys_before_it_takes_a_connection(
    app: CityFlask, client: FlaskClient, as_: Callable[..., dict[str, str]]
) -> None:
    """Otherwise requests that wait for one of them hold the connections it needs to read its keys."""
    held = []

    def read() -> dict[int, bytes]:
        held.append(app.database.engine.pool.checkedout())  # type: ignore[attr-defined]
        return {1: bytes(32)}

    keyring.configure(read)
    assert client.get("/v1/things", headers=as_("siti", "citizen")).status_code == 200
    assert held == [0]


def test_the_second_key_may_be_left_out_and_must_be_one() -> None:
    environ = {
        "DATABASE_URL": "postgresql://x", "BROKER_URL": "amqp://x", "FILES_URL": "file:///x", "ISSUER_URL": "http://x", "PUBLIC_URL": "http://x",
        "SECRET_KEY": SECRET, "DOCUMENT_KEY": SECRET,
    }  # fmt: skip
    assert settings.load("x", environ=environ).secret_key_other is None
    assert settings.load("x", environ={**environ, "SECRET_KEY_OTHER": ""}).secret_key_other is None
    assert settings.load("x", environ={**environ, "SECRET_KEY_OTHER": SECRET}).secret_key_other == bytes(range(32))
    with pytest.raises(SettingsError, match="SECRET_KEY_OTHER must hold 32 bytes"):
        settings.load("x", environ={**environ, "SECRET_KEY_OTHER": "AAAA"})


@pytest.mark.parametrize(
    "typed", [b"", b"\x01", b"\x02", b"x" * 40, b"\x02\x09" + b"\x5f\x00" + b"x" * 40, b"\x02\x01\xff\xff" + b"x" * 40, b"\x01" + b"x" * 20]
)
def test_what_was_never_sealed_is_said_to_be_no_seal(typed: bytes) -> None:
    """It may come from a browser."""
    with pytest.raises(InvalidTag):
        unseal(typed)
