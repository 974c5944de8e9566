"""The roles of the suite (DESIGN: who may do what). What each may do stands in the `policy.py` of the services."""

ROLES = frozenset({
    "citizen", "officer", "examiner", "approver", "head", "treasurer", "cashbook-closer", "registrar", "signer", "coordinator",
    "bank", "agency", "auditor", "admin",
})  # fmt: skip
NEVER_LENT = frozenset({"citizen", "bank", "agency", "auditor", "admin"})
"""Of no office, or not a deputy's to hold."""


def of_office(roles: list[str]) -> frozenset[str]:
    """Those of the roles that a deputy may hold for their bearer."""
    return frozenset(roles) - NEVER_LENT


def check_roles(roles: list[str]) -> list[str]:
    """The roles, sorted, without doubles; raises `ValueError` naming an unknown one, or when there is none."""
    unknown = set(roles) - ROLES
    if unknown or not roles:
        raise ValueError(f"unknown roles: {', '.join(sorted(unknown)) or '(none given)'}")
    return sorted(set(roles))
