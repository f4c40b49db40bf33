"""How many statements a piece of work sends to the database, counted on the wire, whoever sends them."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from psycopg.pq import Trace

# How libpq's trace writes the messages by which a statement is executed: F (from us), the length, the kind.
EXECUTED = re.compile(r"^(?:\S+\s)?F\t\d+\t(Execute|Query)\b", re.M)


class Count:
    """The number of statements, known when the `with` has ended."""

    number = 0


@contextmanager
def counted() -> Iterator[Count]:
    """Count the statements that Django's connection sends within the `with`, COPY and its own BEGIN among them."""
    connection.ensure_connection()
    wire = connection.connection.pgconn
    count = Count()
    with tempfile.TemporaryFile("w+", errors="replace") as trace:
        wire.trace(trace.fileno())
        wire.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        try:
            yield count
        finally:
            wire.untrace()
        trace.seek(0)
        count.number = sum(1 for line in trace if EXECUTED.match(line))
