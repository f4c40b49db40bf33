"""Asks the operator's ClamAV about a file before anything of ours reads it."""

import socket
from contextlib import suppress

from django.conf import settings

from lumbung.casework.evidence.errors import Infected, ScannerAway

SECONDS = 20
_CHUNK = 64 * 1024


def is_on() -> bool:
    """Whether the operator set a scanner up (LUMBUNG_CLAMD)."""
    return bool(settings.LUMBUNG_CLAMD)


def scan(content: bytes) -> bool:
    """Whether a scanner looked at it and found nothing; False when none is set up. Raises a BadFile."""
    if not is_on():
        return False
    try:
        answer = _ask(content)
    except OSError:
        raise ScannerAway from None
    if answer.endswith(b"FOUND"):
        raise Infected
    if not answer.endswith(b"OK"):
        raise ScannerAway
    return True


def _ask(content: bytes) -> bytes:
    """Clamd's INSTREAM: chunks with their length before them, an empty one at the end, and one word back."""
    with _connected() as scanner:
        with suppress(BrokenPipeError, ConnectionResetError):  # it hangs up on what is too big, and says so before
            scanner.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _CHUNK):
                chunk = content[start : start + _CHUNK]
                scanner.sendall(len(chunk).to_bytes(4, "big") + chunk)
            scanner.sendall(bytes(4))
        answer = b""
        while part := scanner.recv(4096):
            answer += part
    return answer.strip(b"\0\n ")


def _connected() -> socket.socket:
    """A connection to unix:/path or tcp:host:port."""
    scheme, _, place = settings.LUMBUNG_CLAMD.partition(":")
    if scheme == "tcp":
        host, _, port = place.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=SECONDS)
    scanner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    scanner.settimeout(SECONDS)
    try:
        scanner.connect(place)
    except OSError:
        scanner.close()
        raise
    return scanner
