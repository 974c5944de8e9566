"""What cannot be started says why, in one sentence, and leaves nothing."""

import hashlib
import socket
from pathlib import Path

import psycopg
import pytest

from smartcity_local import launcher, postgres
from smartcity_local.errors import DISK_FULL, CannotGoOn
from smartcity_local.place import Place, here
from smartcity_local.secret_store import SecretStore
from smartcity_local.suite import member
from smartcity_local.testing import Suite

ROOT = Path(__file__).resolve().parents[3]


def _sentence(suite: Suite, **more: str) -> str:
    refused = suite.command("up", "--no-seed", **more)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1, refused.stderr
    return refused.stderr


@pytest.mark.parametrize("offset", [0, 20, 43])
def test_a_taken_port_is_named(suite: Suite, offset: int) -> None:
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taker.bind(("127.0.0.1", suite.place.port + offset))
        taker.listen()
        assert _sentence(suite) == (
            f"smartcity: Port {suite.place.port + offset} is taken by another program: "
            f"`make run PORT={suite.place.port + 1000}` moves the whole suite.\n"
        )


def test_data_of_another_postgresql_is_left_alone(suite: Suite) -> None:
    suite.place.make()
    (suite.place.run / "postgres").mkdir()
    (suite.place.run / "postgres" / "PG_VERSION").write_text("16\n")
    assert "was made by PostgreSQL 16" in _sentence(suite)
    assert [file.name for file in (suite.place.run / "postgres").iterdir()] == ["PG_VERSION"]


def test_a_service_that_cannot_migrate_names_itself_and_its_log(suite: Suite) -> None:
    migration = suite.place.root / "services/toy-bank/src/toy_bank/migrations/0001_initial.py"
    migration.write_text(migration.read_text() + "    raise RuntimeError('the vault is locked')\n")
    said = _sentence(suite)
    assert "toy-bank could not prepare its database: RuntimeError: the vault is locked" in said
    assert "toy-bank-prepare.log" in said


def test_a_service_that_does_not_start_is_named(suite: Suite) -> None:
    service = suite.place.root / "services/toy-bank/src/toy_bank/service.py"
    service.write_text(service.read_text().replace("policy={}", "policy={'steal': []}"))
    assert "toy-bank-web does not start: " in _sentence(suite)


def test_a_full_disk_is_said_before_anything_is_written(monkeypatch: pytest.MonkeyPatch, suite: Suite) -> None:
    monkeypatch.setattr(launcher, "ROOM_NEEDED", 1 << 62)
    with pytest.raises(CannotGoOn, match=DISK_FULL), launcher.alone(suite.place):
        pass


def test_root_without_any_way_to_become_an_ordinary_user_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres.os, "geteuid", lambda: 0)
    monkeypatch.setattr(postgres.shutil, "which", lambda name: None)
    with pytest.raises(CannotGoOn, match="start the suite as an ordinary user"):
        postgres.as_an_ordinary_user()


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"PORT": "80a"}, "PORT must be a whole number"),
        ({"PORT": "80"}, "PORT must be a whole number"),
        ({"PORT": "8080", "DATABASE_SERVER": "mysql://x"}, "DATABASE_SERVER must look like"),
        ({"PORT": "8080", "BROKER_URL": "redis://x"}, "BROKER_URL must look like"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(environ: dict[str, str], words: str) -> None:
    with pytest.raises(CannotGoOn, match=words):
        here(environ)


def test_the_port_of_the_last_start_is_remembered(tmp_path: Path) -> None:
    place = Place(tmp_path, 18500)
    place.make()
    launcher.remember(place)
    assert here({"SMARTCITY_ROOT": str(tmp_path)}).port == 18500


def test_the_demonstrations_application_has_a_key_and_its_service_the_hash_alone(tmp_path: Path) -> None:
    secrets = SecretStore(tmp_path / "secrets")
    name, _, digest = secrets.api_key("TOY_API_KEYS").partition(":")
    assert (name, digest) == ("demo", hashlib.sha256(secrets.password("TOY_DEMO_KEY").encode()).hexdigest())


@pytest.mark.parametrize("service", [file.parent.name for file in sorted((ROOT / "services").glob("*/pyproject.toml"))])
def test_what_every_service_declares_is_read_without_importing_it(service: str) -> None:
    one = member(Place(ROOT, 18500), service)
    assert all(name.isupper() for name in (*one.declared_settings, *one.declared_options))


def test_a_secret_is_invented_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = SecretStore(tmp_path / "secrets").password("bank")
    assert SecretStore(tmp_path / "secrets").password("bank") == first
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0


def test_a_wrong_password_and_a_neighbours_database_are_refused(running: Suite) -> None:
    where, right = f"@127.0.0.1:{running.place.postgres_port}", running.secret("toy-shop.database")
    psycopg.connect(f"postgresql://smartcity_toy_shop:{right}{where}/smartcity_toy_shop").close()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"postgresql://smartcity_toy_shop:wrong{where}/smartcity_toy_shop")
    for other in ("smartcity_toy_bank", "postgres"):
        with pytest.raises(psycopg.OperationalError, match="does not have CONNECT privilege"):
            psycopg.connect(f"postgresql://smartcity_toy_shop:{right}{where}/{other}")
