"""Whether the database is away, which is nobody's mistake and passes."""

import psycopg
from django.db import Error

# How PostgreSQL says that it can't be reached, is full, or is starting or stopping: SQLSTATE classes 08, 53, 57P.
_AWAY = ("08", "53", "57P")


def is_database_away(exception: BaseException | None) -> bool:
    """Whether the database could not be asked at all: refused, vanished, full, starting or stopping.

    A statement that it refused, gave up or broke off by itself is a fault of ours, which is to be seen as one.
    """
    if isinstance(exception, Error):
        exception = exception.__cause__
    if not isinstance(exception, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    return exception.sqlstate is None or exception.sqlstate.startswith(_AWAY)
