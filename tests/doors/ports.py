"""Ports for servers that tests start, of which no two processes of a run are given the same one.

The system hands out a free port too, but it may hand the same one to the next who asks, before the first has begun
to listen. Those here lie below the system's own, each worker has a share of its own, and goes through it in turn.
"""

import os
import secrets

from lumbung.cli import processes

_LOWEST, _SHARE, _SHARES = 10_000, 1_100, 20
_PLACE = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _SHARES
_turn = secrets.randbelow(_SHARE)  # another run on this machine hardly goes through the same ones at the same time


def free_port() -> int:
    """A port of the loopback on which nobody listens, and which nobody else in this run is told."""
    global _turn  # noqa: PLW0603
    for _ in range(_SHARE):
        _turn = (_turn + 1) % _SHARE
        port = _LOWEST + _PLACE * _SHARE + _turn
        if processes.is_free(port):
            return port
    raise AssertionError("no port is free")
