"""A clone beside another one, on servers of somebody else, and on the data of the release before."""

from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from smartcity.testing import postgres
from smartcity.testing.rabbitmq import NoRabbitMQ, private_node, skip_loudly
from smartcity_local.testing import Suite

from .conftest import make_suite

KEPT = "INSERT INTO number_series VALUES ('kept', 'X', '2026', 7)"
LAST = "SELECT last FROM number_series WHERE kind = 'kept'"
NEXT_RELEASE = '''
"""One column more."""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0002_next", "0001_initial"
def upgrade():
    op.add_column("number_series", sa.Column("note", sa.String, nullable=False, server_default="of before"))
'''


def shop(suite: Suite, server: str = "", database: str = "toy_shop") -> psycopg.Connection:
    """The toy shop's database, as the shop itself opens it (or its neighbour's)."""
    where = server.rpartition("@")[2].partition("/")[0] if server else f"127.0.0.1:{suite.place.postgres_port}"
    return psycopg.connect(f"postgresql://smartcity_toy_shop:{suite.secret('toy-shop.database')}@{where}/smartcity_{database}")


def test_two_clones_run_side_by_side_and_share_nothing(running: Suite, tmp_path: Path) -> None:
    other = make_suite(tmp_path)
    other.up()
    try:
        assert {program["state"] for one in (running, other) for program in one.programs().values()} == {"ready"}
        with shop(other) as db:
            db.execute(KEPT)
        with shop(running) as db:
            assert db.execute(LAST).fetchone() is None
        assert running.secret("toy-shop.database") != other.secret("toy-shop.database")
    finally:
        assert other.command("down").returncode == 0
    assert {program["state"] for program in running.programs().values()} == {"ready"}


def test_an_upgrade_keeps_the_data(suite: Suite) -> None:
    suite.up()
    with shop(suite) as db:
        db.execute(KEPT)
    assert suite.command("down").returncode == 0
    (suite.place.root / "services/toy-shop/src/toy_shop/migrations/0002_next.py").write_text(NEXT_RELEASE)
    suite.up()
    with shop(suite) as db:
        assert db.execute("SELECT last, note FROM number_series WHERE kind = 'kept'").fetchone() == (7, "of before")
    assert {program["state"] for program in suite.programs().values()} == {"ready"}


def test_it_runs_on_servers_of_somebody_else(suite: Suite) -> None:
    try:
        with postgres.private_server(in_memory=True) as server, private_node() as node:
            elsewhere = Suite(replace(suite.place, database_server=server, broker=node.url), suite.more)
            elsewhere.up()
            assert {name for name, program in elsewhere.programs().items() if program["state"] == "ready"} == {
                "gateway-web", "toy-bank-web", "toy-bank-work", "toy-shop-web", "toy-shop-work",
            }  # fmt: skip
            assert not (suite.place.run / "postgres").exists()
            assert not (suite.place.run / "bus.db").exists()
            with shop(elsewhere, server) as db:
                db.execute(KEPT)
            assert elsewhere.command("down").returncode == 0
            elsewhere.up()
            with shop(elsewhere, server) as db:
                assert db.execute(LAST).fetchone() == (7,)
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                shop(elsewhere, server, "toy_bank")
            assert elsewhere.command("down").returncode == 0
    except NoRabbitMQ as reason:
        skip_loudly(str(reason))
