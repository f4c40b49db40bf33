"""Whether a password is in the operator's file of stolen ones: found by halving a sorted file, never read whole.

The file has one entry a line, in the order of its bytes: SHA-1 hashes in hexadecimal, whole or only their
beginnings, each perhaps followed by a colon and a count; or the passwords themselves.
"""

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

HASHES = re.compile(rb"([0-9A-F]{10,40}|[0-9a-f]{10,40})(:[0-9]+)?\r?\n?")


def is_breached(password: str, path: Path) -> bool:
    """Whether the file lists the password. Raises OSError when there is no such file."""
    with path.open("rb") as file:
        if _holds_hashes(path):
            digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().encode()
            return any(_found(file, each, _hash) for each in (digest.upper(), digest))
        return any(_found(file, each.encode(), _line) for each in {password, password.casefold()})


@lru_cache(maxsize=4)
def _holds_hashes(path: Path) -> bool:
    with path.open("rb") as file:
        return HASHES.fullmatch(file.readline()) is not None


def _line(line: bytes, wanted: bytes) -> tuple[bytes, bytes]:
    return line.rstrip(b"\r\n"), wanted


def _hash(line: bytes, wanted: bytes) -> tuple[bytes, bytes]:
    """A line's hash, and as much of ours as the line has."""
    kept = line.rstrip(b"\r\n").partition(b":")[0]
    return kept, wanted[: len(kept)]


def _found(file: BinaryIO, wanted: bytes, read: Callable[[bytes, bytes], tuple[bytes, bytes]]) -> bool:
    """Halve the file between two places until the first line that is not below the wanted one begins at `low`."""
    low, high = 0, file.seek(0, 2)
    while low < high:
        middle = (low + high) // 2
        start = _line_start(file, middle)
        line = file.readline()
        kept, ours = read(line, wanted)
        if kept < ours:
            low = start + len(line)
        else:
            high = start
    file.seek(low)
    line = file.readline()
    kept, ours = read(line, wanted)
    return bool(line) and kept == ours


def _line_start(file: BinaryIO, place: int) -> int:
    """Where the line that covers this place begins; the file stands there then."""
    block = 256
    at = place
    while at > 0:
        begin = max(0, at - block)
        file.seek(begin)
        cut = file.read(at - begin).rfind(b"\n")
        if cut >= 0:
            at = begin + cut + 1
            break
        at = begin
    file.seek(at)
    return at
