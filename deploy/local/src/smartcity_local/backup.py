"""Backup and restore of one clone: every database, the files, the secrets; without the broker, whose bytes the logs can tell again."""

import json
import os
import shutil
import subprocess
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from smartcity_local.databases import admin_url, make_databases
from smartcity_local.errors import DISK_FULL, CannotGoOn
from smartcity_local.inside import server_url, with_database
from smartcity_local.place import Place
from smartcity_local.postgres import binary
from smartcity_local.secret_store import SecretStore
from smartcity_local.suite import Member

FORM = 1


def back_up(place: Place, folder: Path) -> list[Path]:
    """Write everything into `folder` (owner only); the suite may run. Each database is as of one moment of its own."""
    folder.mkdir(mode=0o700, parents=True)
    written = []
    for member in with_database(place):
        dump = folder / f"{member.database}.dump"
        _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={dump}"], server_url(place), member.database)
        written.append(dump)
    with tarfile.open(folder / "files.tar", "w") as tar:
        tar.add(place.run / "files", arcname="files")
    shutil.copy2(place.run / "secrets", folder / "secrets")
    about = {"form": FORM, "made_at": datetime.now(UTC).isoformat(timespec="seconds"), "databases": [dump.name for dump in written]}
    (folder / "backup.json").write_text(json.dumps(about, indent=1))
    for file in folder.iterdir():
        file.chmod(0o600)
    return sorted(folder.iterdir())


def check(folder: Path, members: list[Member]) -> None:
    """Is this a backup of these services? Raises `CannotGoOn` before anything is touched."""
    try:
        about = json.loads((folder / "backup.json").read_text())
    except (OSError, ValueError) as error:
        raise CannotGoOn(f"{folder} holds no backup of this suite.") from error
    if about["form"] != FORM:
        raise CannotGoOn(f"{folder} was made by another version ({about['form']}; this one reads {FORM}).")
    if missing := {f"{member.database}.dump" for member in members} - set(about["databases"]):
        raise CannotGoOn(f"{folder} has no {', '.join(sorted(missing))}.")


def put_back(place: Place, folder: Path, server: str) -> None:
    """Into the running server at `server`: each database anew, then files, then a fresh broker."""
    members = with_database(place)
    with psycopg.connect(admin_url(server), autocommit=True) as db:
        for member in members:
            db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(member.database)))
    make_databases(server, members, SecretStore(place.run / "secrets"))
    for member in members:
        dump = str(folder / f"{member.database}.dump")
        words = ["--exit-on-error", "--no-owner", "--no-privileges", f"--role={member.database}", f"--dbname={member.database}", dump]
        _run("pg_restore", words, server, member.database)
    shutil.rmtree(place.run / "files", ignore_errors=True)
    with tarfile.open(folder / "files.tar") as tar:
        tar.extraction_filter = getattr(tarfile, "data_filter", lambda member, path: member)  # older 3.11 have none
        tar.extractall(place.run)
    for leftover in place.run.glob("bus.db*"):
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    place.retell_mark.touch()


def take_secrets(place: Place, folder: Path) -> None:
    """The backup's secrets in the place of this clone's; the superuser's password stays the one this server knows."""
    own, kept = place.run / "secrets", json.loads((folder / "secrets").read_text())
    known = json.loads(own.read_text()) if own.exists() else {}
    kept |= {"postgres": known["postgres"]} if "postgres" in known else {}
    fresh = own.with_suffix(".restored")
    with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as out:
        json.dump(kept, out, indent=1)
    fresh.replace(own)


def _run(program: str, words: list[str], server: str, database: str) -> None:
    parts = urlsplit(server)
    environ = {
        "PATH": os.environ["PATH"], "PGHOST": parts.hostname or "127.0.0.1", "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or "postgres"), "PGPASSWORD": unquote(parts.password or ""), "PGDATABASE": database,
    }  # fmt: skip
    done = subprocess.run([binary(program), *words], env=environ, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    if "No space left" in done.stderr:
        raise CannotGoOn(DISK_FULL)
    last = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
    raise CannotGoOn(f"{program} of {database} failed: {last}")
