"""Addresses that may be contacted, told before anything is."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit


def is_loopback(host: str) -> bool:
    """Whether a host's name or number means this machine, without asking anybody.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost.example.org")
    (True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def why_no_redcap(address: str) -> str:
    """Why an address cannot be that of REDCap's programming interface; empty where it can."""
    parts = _parts(address)
    if parts is None or parts.scheme not in ("https", "http") or not parts.hostname:
        return "It is no address such as https://redcap.example.org/api/."
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        return "It must hold no user, password, question mark or number sign; the token goes into token_file."
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        return "It must begin with https://: over http everybody on the way could read the token and the records."
    if not parts.path.endswith("/api/"):
        return "It must end with /api/, as REDCap's API page shows it."
    return ""


def why_no_proxy(address: str) -> str:
    """Why an address cannot be that of a proxy; empty where it can."""
    parts = _parts(address)
    if parts is None or parts.scheme not in ("https", "http") or not parts.hostname:
        return "It is no address such as http://proxy.example.org:3128."
    if parts.username is not None or parts.password is not None:
        return "It must hold no user or password."
    return ""


def origin(address: str) -> str:
    """Scheme, host and port of an address: ``https://redcap.example.org/``."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/"


def _parts(address: str) -> SplitResult | None:
    if not address.isascii() or not address.isprintable() or " " in address or "\\" in address:
        return None
    try:
        parts = urlsplit(address)
        return parts if parts.port != 0 else None
    except ValueError:
        return None
