"""The files of `deploy/k8s` that are made: one base a service, and each service's part of every component."""

from pathlib import Path

from deploy.k8s.generate import broker, compose, dashboards, network, plan
from deploy.k8s.generate.table import Table

MADE = "Made by `python -m deploy.k8s.generate`"


def everything(folder: Path) -> dict[str, str]:
    """Text by file name, relative to `deploy/k8s`."""
    table = Table.read(folder / "dependencies.yaml")
    made = {**plan.parts(table), **_broker(table)}
    return {
        "../../compose.yaml": compose.WHY + plan.dumped_one(compose.project(table)),
        **plan.bases(table),
        **made,
        **plan.kustomizations(made),
        "components/monitoring/dashboards.yaml": plan.dumped(f"{MADE}.", dashboards.config_maps()),
        "components/network-policies/policies.yaml": plan.dumped(f"{MADE} from dependencies.yaml.", network.policies(table)),
    }


def _broker(table: Table) -> dict[str, str]:
    from_kernel = f"{MADE} from the kernel's topology and the contracts."
    things = {
        "common": broker.common(),
        **{name: broker.service(name) for name in table.trades},
        **{f"agency-{code}": broker.agency(code, keys) for code, keys in table.agencies.items()},
    }
    return {f"components/rabbitmq/{name}.yaml": plan.dumped(from_kernel, made) for name, made in things.items()}
