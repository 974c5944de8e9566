"""The clock, the invariants, and what is kept: on a running toy suite."""

import json
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from smartcity_local import moments
from smartcity_local.testing import Suite, all_gone, until
from smartcity_local.verifying import holds_nik

TELL = (
    "INSERT INTO event_log (id, subject, sequence, type, audience, time, body, sha256) "
    "VALUES (gen_random_uuid(), %(subject)s, %(sequence)s, 'toy-shop.sale.made.v1', 'public', now(), %(body)s, sha256(%(body)s))"
)


def _database(suite: Suite, service: str = "toy-shop") -> psycopg.Connection:
    package = service.replace("-", "_")
    password = suite.secret(f"{service}.database")
    return psycopg.connect(f"postgresql://smartcity_{package}:{password}@127.0.0.1:{suite.place.postgres_port}/smartcity_{package}")


def _wrong(suite: Suite) -> str:
    done = suite.command("verify", "--json")
    wrong = {finding["name"]: finding["wrong"] for finding in json.loads(done.stdout) if finding["wrong"]}
    assert (done.returncode == 1) is bool(wrong)
    return str(wrong)


@pytest.mark.parametrize(
    ("sequences", "body", "words"),
    [
        ((1, 2), b'{"data": {}}', ""),
        ((1, 3), b'{"data": {}}', "told 2 and counts 3"),
        ((1,), b'{"data": {"x": "1271010503880002"}}', "carries a NIK"),
    ],
)
def test_verify_finds_gaps_and_nik_and_nothing_else(running: Suite, sequences: tuple[int, ...], body: bytes, words: str) -> None:
    with _database(running) as db:
        for sequence in sequences:
            db.execute(TELL, {"subject": "toy", "sequence": sequence, "body": body})
        db.execute("DELETE FROM event_unsent")
    try:
        found = _wrong(running)
        assert words in found if words else found == "{}"
    finally:
        with _database(running) as db:
            db.execute("DELETE FROM event_log")


def test_verify_finds_altered_bytes_and_what_is_parked(running: Suite) -> None:
    with _database(running) as db:
        db.execute(TELL, {"subject": "toy", "sequence": 1, "body": b"{}"})
        db.execute("DELETE FROM event_unsent")
        db.execute("UPDATE event_log SET body = 'other'")
        db.execute("INSERT INTO inbox VALUES ('/x', '1', 'x.y.v1', 's', 1, 'parked', now(), 8, NULL, 'ValueError', 'bytes')")
    try:
        found = _wrong(running)
        assert "are not those that were stored" in found
        assert "is parked: ValueError" in found
        listed = json.loads(running.command("inbox", "parked", "--json").stdout)
        assert [(row["service"], row["id"], row["reason"]) for row in listed] == [("toy-shop", "1", "ValueError")]
        assert running.command("inbox", "drop", "1", "--reason", "a test").returncode == 0
        assert "is dropped" in running.command("inbox", "drop", "1", "--reason", "again").stderr
        assert "No inbox has an event 2" in running.command("inbox", "retry", "2").stderr
    finally:
        with _database(running) as db:
            db.execute("DELETE FROM event_log")
            db.execute("DELETE FROM inbox")


def test_verify_asks_every_service_what_must_be_true_of_its_own_rows(running: Suite) -> None:
    with _database(running) as db:
        db.execute("INSERT INTO number_series VALUES ('lost', 'X', '2026', 7)")
    try:
        assert "toy-shop: toy 7 is lost" in _wrong(running)
    finally:
        with _database(running) as db:
            db.execute("DELETE FROM number_series")


def test_sixteen_digits_that_cannot_be_a_nik_are_none() -> None:
    assert holds_nik(b"nik 1271010503880002.")
    assert not holds_nik(b"va 127102026000000000428, sum 0.1271010503880002, 9999999999999999")


def test_the_clock_of_the_suite_is_moved_and_put_back(running: Suite) -> None:
    assert "moved by 10 days" in running.command("clock", "+10d").stdout
    assert "moved by 9 days, 12:00:00" in running.command("clock", "-12h").stdout
    assert "the machine's own time" in running.command("clock", "reset").stdout
    assert "is no duration" in running.command("clock", "tomorrow").stderr


def test_durations_and_moments_are_read_as_people_write_them() -> None:
    assert moments.duration("+1w2d3h") == timedelta(days=9, hours=3)
    assert moments.moment("2026-11-01").isoformat() == "2026-10-31T17:00:00+00:00"


def test_a_token_is_only_had_where_there_are_demo_secrets(running: Suite) -> None:
    assert "There are no demo secrets here" in running.command("token", "budi").stderr


def test_a_backup_brings_back_what_was_lost(suite: Suite, tmp_path: Path) -> None:
    suite.up()
    with _database(suite) as db:
        db.execute("INSERT INTO number_series VALUES ('kept', 'X', '2026', 7)")
    (suite.place.run / "files" / "toy-shop").mkdir(exist_ok=True)
    (suite.place.run / "files" / "toy-shop" / "paper").write_text("a paper")
    folder = tmp_path / "backup"
    assert suite.command("backup", str(folder)).returncode == 0
    assert not [file for file in folder.iterdir() if file.stat().st_mode & 0o077]
    assert "already running" in suite.command("restore", str(folder)).stderr
    processes = suite.tree()
    assert suite.command("down").returncode == 0
    until(lambda: all_gone(processes))
    for lost in ("secrets", "files/toy-shop/paper"):
        (suite.place.run / lost).unlink()
    for lost in sorted((suite.place.run / "postgres").rglob("*"), reverse=True):
        lost.rmdir() if lost.is_dir() and not lost.is_symlink() else lost.unlink()
    (suite.place.run / "postgres").rmdir()
    restored = suite.command("restore", str(folder))
    assert restored.returncode == 0, restored.stderr
    suite.up()
    with _database(suite) as db:
        assert db.execute("SELECT last FROM number_series WHERE kind = 'kept'").fetchone() == (7,)
    assert (suite.place.run / "files" / "toy-shop" / "paper").read_text() == "a paper"


def test_what_is_no_backup_is_left_alone(suite: Suite, tmp_path: Path) -> None:
    assert "holds no backup" in suite.command("restore", str(tmp_path)).stderr
    assert not (suite.place.run / "postgres").exists()
