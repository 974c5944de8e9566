"""Addresses on the network: how a caller is counted."""

from ipaddress import IPv6Address, IPv6Network


def network_of(address: str) -> str:
    """Whose address it is: of IPv6 everybody is given 2**64 of them (RFC 6177); one of IPv4 in its dress is that of IPv4 (RFC 4291 §2.5.5.2)."""
    if ":" not in address:
        return address
    known = IPv6Address(address)
    return str(known.ipv4_mapped or IPv6Network((int(known), 64), strict=False))
