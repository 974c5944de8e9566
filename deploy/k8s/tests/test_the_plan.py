"""Every service has the same base; what is made of the plan is what lies here."""

from pathlib import Path
from typing import Any

import yaml

from deploy.k8s.generate import everything
from deploy.k8s.generate.table import Table
from deploy.k8s.tests.tools import K8S, ROOT

TABLE = Table.read(K8S / "dependencies.yaml")


def test_what_is_made_lies_here_as_it_is_made() -> None:
    differing = [name for name, text in everything(K8S).items() if not (K8S / name).exists() or (K8S / name).read_text() != text]
    stale = {str(file.relative_to(K8S)) for file in K8S.glob("base/*/*.yaml") if file.parent.name != "gateway"} - set(everything(K8S))
    assert (differing, stale) == ([], set()), "run `python -m deploy.k8s.generate`"


def test_every_service_of_the_tree_is_in_the_dependency_table() -> None:
    services = {file.parent.name for file in ROOT.glob("services/*/pyproject.toml")}
    assert services - set(TABLE.services) == set()


def test_every_service_has_a_base_and_the_suite_names_it() -> None:
    named = set(yaml.safe_load((K8S / "base/kustomization.yaml").read_text())["resources"]) - {"namespace.yaml"}
    assert named == set(TABLE.services) == {folder.name for folder in (K8S / "base").iterdir() if folder.is_dir()}


def test_the_gateway_is_the_plan_without_a_database() -> None:
    """The only base written by hand: it differs from its neighbour's in these places and nowhere else."""
    ours, plan = _read("gateway"), _read("licensing")
    assert set(plan) - set(ours) == {"files.yaml", "migrate.yaml", "work.yaml", "work-disruption.yaml"}
    (pod,) = (documents[0]["spec"]["template"]["spec"] for name, documents in plan.items() if name == "web.yaml")
    (container,) = pod["containers"]
    del container["env"], container["envFrom"][2], container["volumeMounts"][1], pod["volumes"][1]
    container["ports"].append({"name": "metrics", "containerPort": 9090})
    for name in ("serviceaccount.yaml", "service.yaml", "web.yaml", "web-disruption.yaml"):
        assert ours[name] == plan[name], name


def _read(name: str) -> dict[str, Any]:
    def documents(file: Path) -> list[Any]:
        return list(yaml.safe_load_all(file.read_text().replace(name, "NAME")))

    return {file.name: documents(file) for file in (K8S / "base" / name).iterdir() if file.name != "kustomization.yaml"}
