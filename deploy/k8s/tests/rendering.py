"""An overlay as the cluster would get it."""

import subprocess
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from deploy.k8s.tests.tools import K8S, tool

Thing = dict[str, Any]
OVERLAYS = ("dev", "staging", "production")


def text(folder: str) -> str:
    """What `kubectl apply` would be given."""
    return subprocess.run([tool("kubectl"), "kustomize", str(K8S / folder)], check=True, capture_output=True, text=True).stdout


@dataclass(frozen=True)
class Rendered:
    """Every object of one overlay."""

    name: str
    things: list[Thing]

    def of(self, *kinds: str) -> list[Thing]:
        """The objects of these kinds."""
        return [thing for thing in self.things if thing["kind"] in kinds]

    def one(self, kind: str, name: str) -> Thing:
        """The object of this kind and name."""
        return next(thing for thing in self.of(kind) if thing["metadata"]["name"] == name)

    def pods(self) -> Iterator[tuple[str, Thing]]:
        """The pod template of everything of ours that runs, and what to call it."""
        for thing in self.of("Deployment", "Job"):
            yield thing["metadata"]["name"], thing["spec"]["template"]

    def with_change(self, change: Callable[["Rendered"], object]) -> "Rendered":
        """A copy in which something was spoilt."""
        spoilt = Rendered(self.name, deepcopy(self.things))
        change(spoilt)
        return spoilt


@cache
def rendered(folder: str) -> Rendered:
    """The overlay or component in `folder`, from `deploy/k8s`."""
    return Rendered(folder.rpartition("/")[2], list(filter(None, yaml.safe_load_all(text(folder)))))


def named(thing: Thing) -> str:
    """`Deployment/licensing-web`."""
    return f"{thing['kind']}/{thing['metadata']['name']}"
