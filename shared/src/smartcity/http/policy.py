"""Operation × role × ownership × office. Deny by default; an operation that is not in the table does not start."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from smartcity.errors import Forbidden
from smartcity.http.auth import Actor


@dataclass(frozen=True)
class Grant:
    """One way in: a role, of one office, to what is one's own or one's office's; only to what is `others`', where nobody decides their own case."""

    role: str
    own: bool = False
    office: str | bool | None = None
    others: bool = False

    def admits(self, actor: Actor) -> bool:
        """Does the actor hold the role (in the named office)?"""
        if self.role == "anyone":
            return True
        holds = actor.known if self.role == "signed-in" else actor.has(self.role)
        return holds and (not isinstance(self.office, str) or actor.office == self.office)

    def permits(self, actor: Actor, entity: Any) -> bool:
        """And this very thing?"""
        if self.own and not actor.owns(getattr(entity, "owner_sub", None)):
            return False
        return self.office is not True or (actor.office is not None and getattr(entity, "office", None) == actor.office)

    def binds(self, actor: Actor, entity: Any) -> bool:
        """Must the actor leave this very thing to somebody else, because they, or somebody they act for, have a part in it?"""
        return self.others and (actor.sub in entity.parties if entity.hides_parties else actor.has_part_in(entity.parties))


Policy = Mapping[str, Sequence[Grant]]
anyone = Grant("anyone")
signed_in = Grant("signed-in")


def allow(role: str, *, own: bool = False, office: str | bool | None = None, others: bool = False) -> Grant:
    """Let `role` in: to its own things (and those of a company it acts for) only when `own`; of office `office`, or (True) to things of the actor's office.

    `others`: a step on somebody's case that must not be taken by who has a part in it, nor by their deputy.
    """
    return Grant(role, own, office, others)


class SignInRequired(Exception):
    """Nobody is known, and the operation is not for anyone."""


def admit(policy: Policy, operation: str, actor: Actor) -> tuple[Grant, ...]:
    """The grants by which the actor comes in; raises `SignInRequired` or `Forbidden`."""
    grants = tuple(grant for grant in policy.get(operation, ()) if grant.admits(actor))
    if grants:
        return grants
    if not actor.known:
        raise SignInRequired()
    raise Forbidden()


def check_complete(policy: Policy, operations: Iterable[str]) -> None:
    """Every operation has its line and every line its operation; raises `LookupError` naming what is missing."""
    declared, served = set(policy), set(operations)
    if served - declared:
        raise LookupError(f"policy.py has no line for: {', '.join(sorted(served - declared))}")
    if declared - served:
        raise LookupError(f"policy.py has a line without operation: {', '.join(sorted(declared - served))}")
