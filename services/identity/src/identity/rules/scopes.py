"""Scopes: what a client asks for. Roles, not scopes, decide what a person may do (DESIGN: policy of each service)."""

import re

from identity.rules.refusal import OAuthRefused

SUPPORTED = ("openid", "profile", "offline_access")
_SCOPE = re.compile(r"[\x21\x23-\x5B\x5D-\x7E]+( [\x21\x23-\x5B\x5D-\x7E]+)*")


def granted(asked: str, allowed: list[str]) -> str:
    """The scope that is granted for `asked`, in our order, without doubles; empty for an empty request.

    Raises `OAuthRefused("invalid_scope")` for a malformed scope or one the client may not have (RFC 6749 §3.3).
    """
    if not asked:
        return ""
    names = set(asked.split(" "))
    if not _SCOPE.fullmatch(asked) or not names <= set(allowed) & set(SUPPORTED):
        raise OAuthRefused("invalid_scope", "the scope is malformed or not allowed to this client")
    return " ".join(name for name in SUPPORTED if name in names)


def holds(scope: str, name: str) -> bool:
    """Is `name` one of the words of `scope`?"""
    return name in scope.split(" ")
