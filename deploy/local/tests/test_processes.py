"""What the launcher promises about processes."""

import json
import os
import signal
import urllib.request

import psycopg
import pytest

from smartcity_local.environment import Environments
from smartcity_local.secret_store import SecretStore
from smartcity_local.suite import member, members
from smartcity_local.testing import Suite, all_gone, until


def test_every_service_answers_with_web_and_work_and_the_gateway_knows_them(running: Suite) -> None:
    programs = running.programs()
    assert set(programs) == {"postgres", "gateway-web", "toy-bank-web", "toy-bank-work", "toy-shop-web", "toy-shop-work"}
    assert {program["state"] for program in programs.values()} == {"ready"}
    with urllib.request.urlopen(running.place.public_url + "/", timeout=5) as answer:
        assert f"toy-shop=http://127.0.0.1:{programs['toy-shop-web']['port']}" in answer.read().decode()
    printed = json.loads(running.command("status", "--json").stdout)
    assert {program["name"]: program["pid"] for program in printed["programs"]} == {
        name: program["pid"] for name, program in programs.items()
    }


@pytest.mark.parametrize("name", ["toy-shop-web", "toy-shop-work", "gateway-web", "postgres"])
def test_a_killed_process_is_started_again(running: Suite, name: str) -> None:
    before = running.programs()[name]
    assert running.command("kill", name).returncode == 0
    until(lambda: running.programs()[name]["pid"] not in (before["pid"], None) and running.programs()[name]["state"] == "ready")
    assert running.programs()[name]["starts"] == before["starts"] + 1


def test_a_dead_warm_parent_is_started_again_and_its_children_with_it(running: Suite) -> None:
    before = running.programs()["toy-bank-web"]["pid"]
    parents = running.status()["parents"]
    os.kill(parents[0], signal.SIGKILL)
    until(lambda: running.programs()["toy-bank-web"]["pid"] not in (before, None) and running.status()["parents"] != parents)
    until(lambda: all(program["state"] == "ready" for program in running.programs().values()))


def test_a_stopped_service_stays_stopped_until_it_is_started(running: Suite) -> None:
    assert running.command("stop-service", "toy-bank").returncode == 0
    stopped = running.programs()
    assert {stopped[name]["state"] for name in ("toy-bank-web", "toy-bank-work")} == {"stopped"}
    assert running.command("start-service", "toy-bank").returncode == 0
    until(lambda: running.programs()["toy-bank-web"]["state"] == "ready" and running.programs()["toy-bank-work"]["state"] == "ready")


def test_one_start_may_carry_a_fault_that_the_next_does_not(running: Suite) -> None:
    running.command("start-service", "toy-shop-work", "--restart", "--env", "METRICS_PORT=wrong")
    until(lambda: running.programs()["toy-shop-work"]["state"] == "ready")
    assert "METRICS_PORT is not a whole number" in (running.place.logs / "toy-shop-work.log").read_text()


def test_sigkill_of_the_launcher_leaves_nothing(suite: Suite) -> None:
    suite.up()
    processes = suite.tree()
    assert len(processes) > 8
    processes[0].send_signal(signal.SIGKILL)
    until(lambda: all_gone(processes))


def test_stopping_leaves_nothing_and_a_second_start_keeps_the_data(suite: Suite) -> None:
    suite.up()
    url = _as(suite, "toy-shop")
    with psycopg.connect(url) as db:
        db.execute("INSERT INTO number_series VALUES ('kept', 'X', '2026', 7)")
    processes = suite.tree()
    assert suite.command("down").returncode == 0
    assert all_gone(processes)
    suite.up()
    with psycopg.connect(url) as db:
        assert db.execute("SELECT last FROM number_series WHERE kind = 'kept'").fetchone() == (7,)


def test_a_launcher_that_runs_is_not_started_twice(running: Suite) -> None:
    refused = running.command("up")
    assert refused.returncode == 1
    assert refused.stderr.startswith("smartcity: The suite of this clone is already running")


def test_the_control_socket_and_the_secrets_are_their_owners_alone(running: Suite) -> None:
    for name in ("control", "secrets"):
        assert (running.place.run / name).stat().st_mode & 0o077 == 0
    assert running.place.run.stat().st_mode & 0o077 == 0


def test_a_process_is_given_its_own_secrets_and_no_neighbours(running: Suite) -> None:
    place = running.place
    environments = Environments(place, members(place), SecretStore(place.run / "secrets"), "postgresql://postgres:x@127.0.0.1")
    given = environments.of(member(place, "toy-shop"), "web")
    assert given["TOY_TOKEN"] == running.secret("TOY_TOKEN")
    assert running.secret("toy-bank.database") not in str(given)
    assert not {"SMARTCITY_ROOT", "BANK_CLIENT_SECRET", "DEMO_PASSWORD"} & set(given)


def test_a_setting_that_may_be_left_out_is_handed_on_to_whom_declares_it(running: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    place = running.place
    environments = Environments(place, members(place), SecretStore(place.run / "secrets"), "postgresql://postgres:x@127.0.0.1")
    assert "TOY_URL" not in environments.of(member(place, "toy-shop"), "work")
    monkeypatch.setenv("TOY_URL", "https://toys.example")
    assert environments.of(member(place, "toy-shop"), "work")["TOY_URL"] == "https://toys.example"
    assert "TOY_URL" not in environments.of(member(place, "gateway"), "web")


def test_asking_for_a_service_that_is_not_here_names_those_that_are(running: Suite) -> None:
    refused = running.command("kill", "toy-shoe")
    assert refused.returncode == 1
    assert "toy-shop-web" in refused.stderr


def _as(suite: Suite, name: str) -> str:
    package = name.replace("-", "_")
    login = f"smartcity_{package}:{suite.secret(f'{name}.database')}"
    return f"postgresql://{login}@127.0.0.1:{suite.place.postgres_port}/smartcity_{package}"
