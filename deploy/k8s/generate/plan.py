"""Texts of one service from templates: its base (the same that `smartcity new-service` writes) and its part of each component."""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from string import Template

import yaml

from deploy.k8s.generate.table import Table

HERE = Path(__file__).resolve().parents[1] / "plan"


def words(name: str) -> dict[str, str]:
    """What the templates may say of a service."""
    return {"name": name, "package": name.replace("-", "_")}


def bases(table: Table) -> dict[str, str]:
    """`base/<service>/` of every service that follows the plan; the gateway's base is written by hand."""
    templates = {entry.name.removesuffix(".tmpl"): entry.read_text() for entry in (files("smartcity_local") / "plan" / "k8s").iterdir()}
    return {
        f"base/{name}/{file}": Template(text).substitute(words(name)) for name in table.trades for file, text in sorted(templates.items())
    }


def parts(table: Table) -> dict[str, str]:
    """`components/<component>/<service>.yaml`: scalers, database and backups."""
    wanted = {"hpa": list(table.services), "keda": table.trades, "postgres-cnpg": table.trades}
    made = {f"components/{component}/{name}.yaml": _part(component, name) for component, names in wanted.items() for name in names}
    secrets = {f"components/external-secrets/{name}.yaml": _secrets(table, name) for name in table.trades}
    return {**made, **secrets}


def _secrets(table: Table, name: str) -> str:
    keys = ("SECRET_KEY", "DOCUMENT_KEY", *table.secrets.get(name, ()))
    lines = [f"    - {{secretKey: {key}, remoteRef: {{key: {name}, property: {key.lower()}}}}}\n" for key in keys]
    return _part("external-secrets", name) + "".join(lines)


def _part(component: str, name: str) -> str:
    return Template((HERE / f"{component}.yaml.tmpl").read_text()).substitute(words(name))


class _Plain(yaml.SafeDumper):
    """Writes a thing out wherever it stands."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def dumped(why: str, things: Iterable[object]) -> str:
    """YAML documents under a line that says what made them."""
    return f"# {why}\n" + yaml.dump_all(things, Dumper=_Plain, sort_keys=False, width=140, explicit_start=True)


def dumped_one(thing: object) -> str:
    """One YAML document, without ceremony."""
    return yaml.dump(thing, Dumper=_Plain, sort_keys=False, width=200)


COMPONENT = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources:\n"
BY_HAND = {
    "external-secrets": ["store"],
    "hpa": [],
    "keda": ["authentication"],
    "postgres-cnpg": [],
    "rabbitmq": ["cluster", "policies"],
}
MORE = {
    "postgres-cnpg": """patches:
  - target: {kind: Cluster, name: finance-sts-db} # money: a commit is told only when a second machine has it
    patch: |
      - op: add
        path: /spec/postgresql/synchronous
        value: {method: any, number: 1, dataDurability: required}
"""
}


def kustomizations(made: Iterable[str]) -> dict[str, str]:
    """The list of every component that has a part for each service."""
    names = {name: sorted(Path(file).stem for file in made if file.startswith(f"components/{name}/")) for name in BY_HAND}
    return {
        f"components/{name}/kustomization.yaml": COMPONENT
        + "".join(f"  - {part}.yaml\n" for part in (*BY_HAND[name], *parts))
        + MORE.get(name, "")
        for name, parts in names.items()
    }
