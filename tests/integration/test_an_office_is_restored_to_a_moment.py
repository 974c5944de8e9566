"""The restore of the runbook, rehearsed: one office goes back to a moment, the others run on, and it learns again what it lost from them."""

from datetime import datetime, timedelta
from pathlib import Path

import psycopg

from smartcity.testing import postgres
from tests.integration.city import City, until
from tests.integration.conftest import running

TOTAL = 346680
DATABASE = "smartcity_licensing"


def now_at(server: str) -> datetime:
    with psycopg.connect(server + "/postgres") as db:
        found: datetime = db.execute("SELECT clock_timestamp()").fetchone()[0]  # type: ignore[index]
    return found


def issued(city: City) -> str:
    ident, bill = city.assessed_bill()
    assert city.pay(bill).status_code == 200
    city.issued_once(ident, TOTAL)
    return ident


def test_what_others_told_after_the_moment_has_its_effect_again_and_what_nobody_heard_is_gone(tmp_path: Path) -> None:
    archive, base, clone = tmp_path / "archive", tmp_path / "base", tmp_path / "clone"
    archive.mkdir()
    clone.mkdir()
    with (
        postgres.private_server("archive_mode=on", f"archive_command=cp %p {archive}/%f") as server,
        running(clone, None, server=server) as city,
    ):
        before = issued(city)
        kept = city.permit_of(before)
        postgres.back_up(server, base)
        ident, bill = city.assessed_bill()
        until(lambda: city.unsent("licensing") == 0)
        moment = now_at(server)
        assert city.pay(bill).status_code == 200
        city.issued_once(ident, TOTAL)
        lost = city.open_application()
        city.stop("licensing")
        postgres.archived(server, archive)
        with postgres.restored_server(server, base, archive, moment) as restored:
            postgres.copy_database(restored, server, DATABASE, DATABASE)
        city.start("licensing")
        city.all_up()
        assert city.permit_of(before) == kept
        assert city.application(ident)["status"] == "awaiting_payment"
        assert city.call("GET", f"/v1/permit-applications/{lost}", "budi").status_code == 404
        told = city.suite.command("replay", "--to", "licensing", "--from", (moment - timedelta(hours=1)).isoformat())
        assert told.returncode == 0, told.stderr
        city.issued_once(ident, TOTAL)
        verified = until(lambda: (done := city.suite.command("verify")).returncode == 0 and done)
        assert "✗" not in verified.stdout
