"""Which addresses a push may go to: browsers name them, so a wrong one would have us call wherever it points."""

import ipaddress
import re
import socket
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from django.conf import settings

LONGEST = 1000
# A name that can be looked up; another one (`a..example`) would fail there each time.
_NAME = re.compile(r"([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{1,63}")
_LONGEST_NAME = 253


def is_allowed(endpoint: str) -> bool:
    """Whether this is an address of a push service that LUMBUNG_PUSH_SERVICES names.

    An entry is a name, perhaps with `*` (reached by https at its own port), or a whole origin of the operator's
    own network (`http://push.internal:8080`), which is taken as it is.
    """
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable() or "@" in parts.netloc:
        return False
    if f"{parts.scheme}://{parts.netloc}" in settings.LUMBUNG_PUSH_SERVICES:
        return True
    host = parts.hostname or ""
    is_name = parts.scheme == "https" and port in {None, 443} and _is_name(host) and not _is_number(host)
    return is_name and any(fnmatchcase(host, name) for name in settings.LUMBUNG_PUSH_SERVICES)


def is_reachable(endpoint: str) -> bool:
    """Whether the name leads to public addresses only, now that it is called. Raises OSError when to none."""
    parts = urlsplit(endpoint)
    if f"{parts.scheme}://{parts.netloc}" in settings.LUMBUNG_PUSH_SERVICES:
        return True
    found = socket.getaddrinfo(parts.hostname, 443, type=socket.SOCK_STREAM)
    return all(ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global for *_, address in found)


def _is_name(host: str) -> bool:
    return len(host) <= _LONGEST_NAME and _NAME.fullmatch(host) is not None


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.rpartition(".")[2].isdigit() or not host
    return True
