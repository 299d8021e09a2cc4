"""An IP address in, the reason why nothing is fetched from it out (pure)."""

from __future__ import annotations

import ipaddress

_REFUSED = tuple(
    (ipaddress.ip_network(network), why)
    for network, why in (
        ("168.63.129.16/32", "a cloud metadata address"),  # Azure's, a public number
        ("169.254.0.0/16", "a link-local or metadata address"),
        ("100.64.0.0/10", "a private address"),
        ("192.88.99.0/24", "a relay address"),
        ("::/96", "a private address"),  # IPv4-compatible, long gone
        ("fe80::/10", "a link-local address"),
        ("fec0::/10", "a private address"),
        ("fd00:ec2::254/128", "a cloud metadata address"),
    )
)
_EMBEDDED = tuple(
    (ipaddress.IPv6Network(network), shift)
    for network, shift in (("::ffff:0:0/96", 0), ("64:ff9b::/96", 0), ("64:ff9b:1::/48", 0), ("2002::/16", 80))
)
"""IPv6 ranges that carry an IPv4 address, and how many bits right of it stand: mapped, NAT64, 6to4."""


def why_refused(address: str) -> str | None:
    """Why nothing is fetched from this address, e.g. ``a loopback address``; None for public addresses."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "not an IP address"
    for carrier, shift in _EMBEDDED:
        if ip.version == 6 and ip in carrier:
            return why_refused(str(ipaddress.IPv4Address((int(ip) >> shift) & 0xFFFFFFFF)))
    if ip.is_loopback:
        return "a loopback address"
    for network, why in _REFUSED:
        if ip.version == network.version and ip in network:
            return why
    if ip.is_multicast:
        return "a multicast address"
    return None if ip.is_global else "a private address"


def allowed(host: str, port: int, allow_hosts: tuple[str, ...]) -> bool:
    """Whether the user named this host (``HOST`` or ``HOST:PORT``, IPv6 in brackets) as one to fetch from."""
    shown = f"[{host}]" if ":" in host else host
    return any(entry.lower() in {host, shown, f"{shown}:{port}"} for entry in allow_hosts)
