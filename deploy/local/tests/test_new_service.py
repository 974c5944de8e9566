"""A new service is whole from its first minute: it keeps the plan, passes its own tests and answers in the suite."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from checks import hygiene, import_directions, light_web, messages, migrations, rooms, sizes, style, typing_holds
from checks.tree import Tree
from smartcity_local.errors import CannotGoOn
from smartcity_local.new_service import make_service

HERE = Path(__file__).resolve().parents[3]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone that has the kernel and nothing else yet."""
    (tmp_path / "shared").symlink_to(HERE / "shared")
    return tmp_path


def test_a_new_service_is_green_at_once(clone: Path) -> None:
    make_service(clone, "street-light", "Lampu Jalan")
    tree = Tree(clone)
    for look in (rooms, style, import_directions, messages, migrations, sizes, hygiene, typing_holds):
        assert look.look(tree) == [], look.__name__
    (clone / "deploy" / "local").symlink_to(HERE / "deploy" / "local")
    assert light_web.look(Tree(clone)) == []


def test_its_own_tests_pass(clone: Path) -> None:
    make_service(clone, "street-light", "Lampu Jalan")
    path = os.pathsep.join(str(clone / part) for part in ("services/street-light/src", "shared/src"))
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--import-mode=importlib",
        "-p",
        "no:cacheprovider",
        str(clone / "services/street-light/tests"),
    ]
    done = subprocess.run(words, cwd=clone, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout


def test_its_kubernetes_base_holds_together(clone: Path) -> None:
    make_service(clone, "street-light", "Lampu Jalan")
    base = clone / "deploy/k8s/base/street-light"
    documents = {file.name: yaml.safe_load(file.read_text()) for file in base.iterdir()}
    assert set(documents["kustomization.yaml"]["resources"]) == set(documents) - {"kustomization.yaml"}
    for kind in ("web", "work"):
        (container,) = documents[f"{kind}.yaml"]["spec"]["template"]["spec"]["containers"]
        assert container["args"] == ["python", "-m", "street_light", kind]


@pytest.mark.parametrize("name", ["Street", "street_light", "json", "smartcity", "-x", "a--b", "licensing"])
def test_a_name_that_cannot_be_is_refused(clone: Path, name: str) -> None:
    (clone / "services" / "licensing").mkdir(parents=True)
    with pytest.raises(CannotGoOn):
        make_service(clone, name, "Lampu Jalan")
