"""Sessions of the database that wait for each other."""

import time
from collections.abc import Sequence

import psycopg


def wait_until_blocked(superuser_url: str, sessions: Sequence[int]) -> None:
    """Return as soon as one of the sessions (process ids; they may be added meanwhile) waits for a lock."""
    with psycopg.connect(superuser_url, autocommit=True) as superuser:
        for _ in range(1200):  # a minute: only a test that fails waits so long
            waits = superuser.execute("SELECT 1 FROM pg_locks WHERE pid = ANY(%s) AND NOT granted", [sessions])
            if waits.fetchone():
                return
            time.sleep(0.05)
    raise AssertionError("nobody waited for a lock")
