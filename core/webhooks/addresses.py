"""Which addresses of the internet we speak to: public ones, and nothing near us."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

TRANSLATED: Final = ip_network("64:ff9b::/96")
"""IPv4 as networks without it see it (RFC 6052); the last 32 bits are the true address."""
TUNNELS: Final = (ip_network("2002::/16"), ip_network("2001::/32"))
"""6to4 and Teredo: they lead to an IPv4 address of the sender's choice."""
LOCAL: Final = (
    ip_network("192.0.0.0/24"),
    ip_network("192.88.99.0/24"),
    ip_network("64:ff9b:1::/48"),
)
"""Special purposes on which the releases of Python do not agree."""


def is_public(address: str) -> bool:
    """Tell whether an address, as a resolver or a socket writes it, is one of the open internet."""
    return _is_public(ip_address(address.partition("%")[0]))


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    inner = _inner(address)
    if inner is not None:
        return _is_public(inner)
    unfit = (
        address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or getattr(address, "is_site_local", False)
        or any(address in network for network in (*TUNNELS, *LOCAL))
    )
    return address.is_global and not unfit


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address in TRANSLATED:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return None
